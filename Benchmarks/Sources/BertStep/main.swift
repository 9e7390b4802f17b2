import ArgumentParser
import Foundation
import Torch
import Transformers

// Measures a training step of BERT in one process, and its forward, backward and optimizer phases.
//
// The counterpart for PyTorch and Hugging Face is ../peer/bert_step.py. It takes the same options
// and prints the same lines, so that the two can be run alternately.

struct BertStep: ParsableCommand {
  @Option(help: "Size of the hidden vectors.") var hidden = 384
  @Option(help: "Layers.") var layers = 6
  @Option(help: "Attention heads.") var heads = 12
  @Option(help: "Tokens per sequence.") var sequence = 128
  @Option(help: "Sequences per step.") var batch = 8
  @Option(help: "Dropout probability of hidden vectors and attention weights.") var dropout = 0.1
  @Option(help: "Steps to measure, after two warm-up steps.") var steps = 5
  @Option(help: "Threads per operator.") var threads = 1
  @Flag(help: "Run forward and backward in bfloat16.") var bf16 = false
  @Flag(help: "Use sequences of 1/4 to 4/4 of the length, with padding.") var ragged = false

  func run() throws {
    Runtime.threadCount = threads
    manualSeed(1)
    let model = BertForSequenceClassification(configuration)
    let optimizer = AdamW(model.parameters, learningRate: 2e-5)
    let batch = makeBatch()
    let labels = Tensor((0..<self.batch).map { Int64($0 % 2) })
    var costs: [[Cost]] = []
    var losses: [Double] = []
    for step in 0..<steps + 2 {
      let start = Cost.now
      let loss =
        bf16
        ? try withAutocast(.bfloat16, device: .cpu) { crossEntropy(try model(batch), labels) }
        : crossEntropy(try model(batch), labels)
      let forward = Cost.now
      try loss.backward()
      let backward = Cost.now
      try optimizer.step()
      optimizer.zeroGrad()
      let end = Cost.now
      losses.append(loss.item)
      if step >= 2 {
        costs.append([forward - start, backward - forward, end - backward, end - start])
      }
    }
    for (phase, name) in ["forward", "backward", "optimizer", "step"].enumerated() {
      Cost.report(name, costs.map { $0[phase] })
    }
    let tokens = Double(self.batch * sequence)
    let best = costs.map { $0[3].wall }.min() ?? 0
    print(
      "tokens/s \(fixed(tokens / best, 0)) at best, peak \(Cost.peakMegabytes) MB, losses "
        + losses.map { fixed($0, 6) }.joined(separator: " "))
  }

  private var configuration: BertConfiguration {
    var configuration = BertConfiguration()
    configuration.hiddenSize = hidden
    configuration.layerCount = layers
    configuration.headCount = heads
    configuration.intermediateSize = 4 * hidden
    configuration.hiddenDropout = dropout
    configuration.attentionDropout = dropout
    return configuration
  }

  /// Creates token ids with a linear congruential formula, equal to those of bert_step.py.
  private func makeBatch() -> TokenBatch {
    let ids = (0..<Int64(batch * sequence)).map { ($0 * 7919 + 13) % 29_000 + 1_000 }
    let lengths = (0..<batch).map { ragged ? sequence * ($0 % 4 + 1) / 4 : sequence }
    let mask = lengths.flatMap { length in (0..<sequence).map { $0 < length } }
    return TokenBatch(
      inputIDs: Tensor(ids, shape: [batch, sequence]),
      attentionMask: ragged ? Tensor(mask, shape: [batch, sequence]) : nil)
  }
}

/// The resources that the process has used since its start, or between two times.
struct Cost {
  var wall = 0.0
  var user = 0.0
  var system = 0.0
  var pageFaults = 0

  static var now: Cost {
    let usage = usage
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return Cost(
      wall: Double(DispatchTime.now().uptimeNanoseconds) / 1e9, user: seconds(usage.ru_utime),
      system: seconds(usage.ru_stime), pageFaults: usage.ru_minflt)
  }

  static var peakMegabytes: Int { usage.ru_maxrss / 1024 }

  static func - (end: Cost, start: Cost) -> Cost {
    Cost(
      wall: end.wall - start.wall, user: end.user - start.user, system: end.system - start.system,
      pageFaults: end.pageFaults - start.pageFaults)
  }

  /// Prints the minimum and median wall time, and the minimum CPU times and page faults.
  static func report(_ name: String, _ costs: [Cost]) {
    let walls = costs.map(\.wall).sorted()
    print(
      name.padding(toLength: 10, withPad: " ", startingAt: 0)
        + "min \(milliseconds(walls[0])) median \(milliseconds(walls[walls.count / 2])) "
        + "user \(milliseconds(costs.map(\.user).min() ?? 0)) "
        + "system \(milliseconds(costs.map(\.system).min() ?? 0)) ms, "
        + "\(costs.map(\.pageFaults).min() ?? 0) page faults")
  }

  private static var usage: rusage {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage
  }
}

func fixed(_ value: Double, _ decimals: Int) -> String { String(format: "%.\(decimals)f", value) }

func milliseconds(_ seconds: Double) -> String { String(format: "%7.1f", seconds * 1000) }

BertStep.main()
