extension FlightRecord {
  /// Returns the record as the pickle that PyTorch's `torchfrtrace` analyzes.
  ///
  /// The analyzer compares the entries of all ranks, and knows only PyTorch's backends and
  /// collectives. Where Lockstep's differ, the pickle has what makes the comparison right; the JSON
  /// has the original values:
  ///
  /// - Backends that PyTorch lacks are called `gloo`.
  /// - Sizes that may differ between ranks are replaced by those that have to be equal, or by their
  ///   sum.
  /// - The analyzer expects every rank of a group to take part in a message. Messages from one rank
  ///   to another are therefore entries of a group of these two ranks.
  func pickle() -> [UInt8] {
    var groups = pgConfig
    for entry in entries {
      for message in entry.messages {
        let group = entry.group(of: message)
        groups[group.name] = group
      }
    }
    let config = groups.sorted { $0.key < $1.key }.map { name, group in
      (
        name,
        PickledValue.dictionary([
          ("name", .string(group.name)), ("desc", .string(group.desc)),
          ("ranks", .string(group.ranks)),
        ])
      )
    }
    let status = pgStatus.sorted { $0.key < $1.key }.map { number, status in
      (
        number,
        PickledValue.dictionary([
          ("last_enqueued_collective", .int(status.lastEnqueuedCollective)),
          ("last_started_collective", .int(status.lastStartedCollective)),
          ("last_completed_collective", .int(status.lastCompletedCollective)),
        ])
      )
    }
    return PickledValue.dictionary([
      ("version", .string(version)), ("pg_config", .dictionary(config)), ("comm_lib_version", ""),
      ("pg_status", .dictionary(status)), ("entries", .list(entries.flatMap(\.pickledValues))),
    ]).pickle()
  }
}

extension FlightEntry {
  /// The group of the two ranks of a message, one for each direction and tag.
  fileprivate func group(of message: FlightMessage) -> FlightGroup {
    let lane = message.lane
    let tag = lane.tag == 0 ? "" : ", tag \(lane.tag)"
    let ranks = Set([lane.source, lane.destination]).sorted()
    return FlightGroup(
      name: "\(processGroup[0]): \(lane.source)->\(lane.destination)\(tag)",
      desc: processGroup[1], ranks: "\(ranks)")
  }

  /// One value for a collective, and one for each message of an exchange.
  fileprivate var pickledValues: [PickledValue] {
    if isP2p { return messages.map(pickledValue) }
    var inputs = inputSizes
    var outputs = outputSizes
    var inputTypes = inputDtypes
    var outputTypes = outputDtypes
    var name = collectiveName
    switch name {
    case "all_reduce_coalesced": name = "allreduce_coalesced"
    case "all_gather_uneven":
      // Counts differ between ranks; the output is the same.
      name = "_all_gather_base"
      inputs = outputs
      inputTypes = outputTypes
    case "all_to_all":
      inputs = [[inputs.joined().reduce(0, +)]]
      outputs = [[outputs.joined().reduce(0, +)]]
      inputTypes = Array(inputTypes.prefix(1))
      outputTypes = Array(outputTypes.prefix(1))
    default: break
    }
    return [
      pickledValue(
        group: processGroup, number: collectiveSeqId, message: p2pSeqId, name: name,
        inputs: (inputs, inputTypes), outputs: (outputs, outputTypes))
    ]
  }

  private func pickledValue(_ message: FlightMessage) -> PickledValue {
    let lane = message.lane
    // Numbers in the group of two, by ascending rank.
    let source = lane.source <= lane.destination ? 0 : 1
    let destination = lane.destination <= lane.source ? 0 : 1
    let group = group(of: message)
    let buffer = ([[message.count]], [message.dtype])
    let nothing: ([[Int]], [String]) = ([], [])
    return pickledValue(
      group: [group.name, group.desc], number: message.number, message: message.number,
      name: message.isSent ? "send \(source)->\(destination)" : "recv \(destination)<-\(source)",
      inputs: message.isSent ? buffer : nothing, outputs: message.isSent ? nothing : buffer)
  }

  private func pickledValue(
    group: [String], number: Int, message: Int, name: String,
    inputs: (sizes: [[Int]], types: [String]), outputs: (sizes: [[Int]], types: [String])
  ) -> PickledValue {
    func sizes(_ values: [[Int]]) -> PickledValue {
      .list(values.map { .list($0.map { .int($0) }) })
    }
    func texts(_ values: [String]) -> PickledValue { .list(values.map { .string($0) }) }
    func time(_ value: Int64?) -> PickledValue { value.map { .int(Int($0)) } ?? .none }
    var fields: [(String, PickledValue)] = [
      ("frames", .list(frames.map(\.pickledValue))), ("record_id", .int(recordId)),
      ("pg_id", .int(pgId)), ("process_group", texts(group)),
      ("thread_name", .string(threadName)), ("thread_id", .string(threadId)),
      ("collective_seq_id", .int(number)), ("p2p_seq_id", .int(message)), ("op_id", .int(opId)),
      ("profiling_name", .string("\(knownBackend):\(name)")),
      ("time_created_ns", .int(Int(timeCreatedNs))),
      ("input_sizes", sizes(inputs.sizes)), ("input_dtypes", texts(inputs.types)),
      ("output_sizes", sizes(outputs.sizes)), ("output_dtypes", texts(outputs.types)),
      ("state", .string(state.rawValue)),
      ("time_discovered_started_ns", time(timeDiscoveredStartedNs)),
      ("time_discovered_completed_ns", time(timeDiscoveredCompletedNs)),
      ("retired", .bool(retired)), ("timeout_ms", .int(Int(timeoutMs))), ("is_p2p", .bool(isP2p)),
    ]
    if let durationMs { fields.append(("duration_ms", .float(durationMs))) }
    return .dictionary(fields)
  }

  private var collectiveName: String {
    String(profilingName.drop { $0 != ":" }.dropFirst())
  }

  /// The backend, or `gloo` for one that PyTorch lacks.
  private var knownBackend: String {
    profilingName.hasPrefix("nccl:") ? "nccl" : "gloo"
  }
}

extension FlightEntry.Frame {
  fileprivate var pickledValue: PickledValue {
    .dictionary([
      ("name", .string(name)), ("filename", .string(filename)), ("line", .int(Int(line))),
    ])
  }
}
