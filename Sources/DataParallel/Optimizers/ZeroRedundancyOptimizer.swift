public import Collectives
public import Torch
internal import TorchCollectives

/// An optimizer whose state is spread over the ranks, as PyTorch's `ZeroRedundancyOptimizer`.
///
/// "ZeRO", stage 1 (Rajbhandari et al. 2020). Each rank keeps the state of its share of the parameters, updates those, and sends them to the
/// others: memory for the state falls to about 1 / world size, and results are those of the whole
/// optimizer to the bit.
///
/// ```swift
/// let optimizer = try ZeroRedundancyOptimizer(
///   [ParameterGroup(model.module.parameters, learningRate: 1e-3)], group: group) { AdamW($0) }
/// ```
/// `step` is throwing here, because it has peers; use ``update()``, and ``step()`` only where a lost peer
/// may end the process.
public final class ZeroRedundancyOptimizer<Inner: Optimizer>: Optimizer {
  /// What is updated on all ranks, and how fast; learning rates and weight decays may change.
  public var groups: [ParameterGroup] {
    didSet { adoptSettings() }
  }
  /// The optimizer of this rank's share.
  public let inner: Inner
  private let group: any ProcessGroup
  private let assignment: ParameterAssignment

  /// Assigns parameters to ranks, and makes the optimizer of this rank's share.
  ///
  /// - Parameters:
  ///   - groups: The same on every rank.
  ///   - group: The ranks.
  ///   - make: Makes an optimizer for groups, of which some may have no parameters.
  public init(
    _ groups: [ParameterGroup], group: any ProcessGroup, _ make: ([ParameterGroup]) -> Inner
  ) {
    self.groups = groups
    self.group = group
    assignment = ParameterAssignment(
      counts: groups.map { $0.parameters.map(\.count) }, worldSize: group.worldSize)
    inner = make(
      ZeroRedundancyOptimizer.share(of: groups, assignment: assignment, rank: group.rank))
  }

  /// Updates this rank's share, and gets the other ranks' shares from them.
  ///
  /// - Throws: ``CollectiveError`` when a peer has gone or is too late.
  public func update() throws(CollectiveError) {
    inner.step()
    try shareParameters()
  }

  /// As ``update()``, for code that knows optimizers only: a peer that has gone ends the process with a
  /// message.
  public func step() {
    do {
      try update()
    } catch {
      operatorFailed("ZeroRedundancyOptimizer.step", "", "\(error)")
    }
  }

  /// The bytes that this rank's share keeps as state.
  public var stateByteCount: Int {
    ((try? inner.captureState())?.tensors.values.map(\.byteCount) ?? []).reduce(0, +)
  }

  /// Lets this optimizer update its parameters bucket by bucket while backward still runs
  /// (`hook_with_zero_step`): with ``DistributedDataParallel/overlap(_:)``, then call
  /// ``shareParameters()`` in place of ``update()`` after backward.
  public var overlappable: any Optimizer { inner }

  /// Sends this rank's share to the others, and theirs here.
  public func shareParameters() throws(CollectiveError) {
    var running: [any Work] = []
    for (parameters, ranks) in zip(groups.map(\.parameters), assignment.ranks) {
      for (parameter, rank) in zip(parameters, ranks) {
        running.append(
          try group.startBroadcast(CollectiveBuffer(parameter.detached()), from: rank))
      }
    }
    for work in running { try work.wait() }
  }

  /// The state of the whole, as the unsharded optimizer would give it; call it on every rank.
  ///
  /// - Parameter root: The rank that gets it (`consolidate_state_dict(to:)`).
  /// - Returns: The state on `root`, `nil` on the others.
  /// - Throws: ``CollectiveError`` when a peer has gone or is too late, or a state cannot be read.
  public func consolidatedState(to root: Int = 0) throws(CollectiveError) -> State? {
    let mine = try asCollectiveError { try inner.captureState() }
    var whole = State(values: mine.values)
    // Places in a rank's share become places among all.
    for rank in 0..<group.worldSize {
      let places = placesOfShare(rank)
      let names = mine.tensors.keys.sorted()
      let list =
        rank == group.rank ? names.map { "\($0) \(mine.tensors[$0]?.shape.count ?? 0)" } : []
      let text = try group.broadcast(Array(list.joined(separator: "\n").utf8), from: rank)
      for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
        let parts = line.split(separator: " ")
        let name = String(parts[0])
        guard let dot = name.lastIndex(of: "."), let place = Int(name[name.index(after: dot)...])
        else { continue }
        let parameter = allParameters[places[place]]
        let tensor =
          rank == group.rank
          ? mine.tensors[name]?.contiguous()
          : Tensor(
            empty: parts[1] == "0" && !parameter.shape.isEmpty ? [] : parameter.shape,
            dtype: parts[1] == "0" ? .float32 : parameter.dtype)
        guard let tensor else { continue }
        try group.broadcast(tensor, from: rank)
        if group.rank == root { whole.tensors["\(name[..<dot]).\(places[place])"] = tensor * 1 }
      }
    }
    guard group.rank == root else { return nil }
    let shapes = groups.map { $0.parameters.map(\.shape) }
    try asCollectiveError { try whole.replaceGroups(groups, shapes: shapes) }
    return whole
  }

  private var allParameters: [Tensor] { groups.flatMap(\.parameters) }

  /// For each parameter of a rank's share its place among all.
  private func placesOfShare(_ rank: Int) -> [Int] {
    assignment.ranks.joined().enumerated().filter { $0.element == rank }.map(\.offset)
  }

  private func adoptSettings() {
    for (index, group) in groups.enumerated() where index < inner.groups.count {
      inner.groups[index].learningRate = group.learningRate
      inner.groups[index].weightDecay = group.weightDecay
    }
  }

  private static func share(
    of groups: [ParameterGroup], assignment: ParameterAssignment, rank: Int
  ) -> [ParameterGroup] {
    zip(groups, assignment.ranks).map { group, ranks in
      var share = group
      share.parameters = zip(group.parameters, ranks).filter { $0.1 == rank }.map(\.0)
      return share
    }
  }
}

extension ZeroRedundancyOptimizer: Joinable {
  /// Updates this rank's share from the gradients that the others have averaged.
  public func shadowStep() throws { try update() }
}

extension ZeroRedundancyOptimizer: Stateful {
  /// The state of this rank's share.
  public func captureState() throws(TorchError) -> State { try inner.captureState() }

  /// Goes on from a state of this rank's share.
  public func restoreState(_ state: State) throws(TorchError) {
    try inner.restoreState(state)
    for (index, group) in inner.groups.enumerated() {
      groups[index].learningRate = group.learningRate
      groups[index].weightDecay = group.weightDecay
    }
  }

  /// Goes on from the state of the whole, as ``consolidatedState(to:)`` or the unsharded optimizer gave
  /// it; each rank takes its share.
  public func restoreConsolidatedState(_ state: State) throws(TorchError) {
    let places = placesOfShare(group.rank)
    var share = State(values: state.values)
    for (name, tensor) in state.tensors {
      guard let dot = name.lastIndex(of: "."), let place = Int(name[name.index(after: dot)...]),
        let own = places.firstIndex(of: place)
      else { continue }
      share.tensors["\(name[..<dot]).\(own)"] = tensor
    }
    try share.replaceGroups(groups, shapes: inner.groups.map { $0.parameters.map(\.shape) })
    try restoreState(share)
  }
}

extension State {
  /// Gives an optimizer's state other parameters, keeping its settings of groups if it has them.
  fileprivate mutating func replaceGroups(_ groups: [ParameterGroup], shapes: [[[Int]]])
    throws(TorchError)
  {
    struct Group: Codable {
      var learningRate: Double
      var weightDecay: Double
      var shapes: [[Int]]
    }
    let saved = try value("groups", as: [Group].self)
    guard saved.count == shapes.count else {
      throw TorchError(
        .mismatch,
        "the state is one of \(saved.count) groups of parameters, the optimizer has \(shapes.count)"
      )
    }
    try set(
      zip(saved, shapes).map {
        Group(learningRate: $0.learningRate, weightDecay: $0.weightDecay, shapes: $1)
      }, for: "groups")
  }
}
