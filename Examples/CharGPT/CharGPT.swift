import ArgumentParser
import Foundation
import Lockstep

/// Trains a small Transformer to continue a text character by character, then prints a sample.
///
/// Shapes in names: B sequences, T characters, C channels, H heads.
@main
struct CharGPT: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "char-gpt",
    abstract: "Train a small language model on the characters of a text, on one or many ranks.")

  @Option(help: "File with the text. (default: the reviews that Scripts/fetch-demo downloads)")
  var text: String?
  @Option(help: "Number of steps.") var steps = 1000
  @Option(help: "Sequences per step and rank.") var batchSize = 16
  @Option(help: "Characters that the model sees.") var context = 64
  @Option(help: "Channels of a character.") var size = 64
  @Option(help: "Attention heads of a layer.") var heads = 4
  @Option(help: "Number of layers.") var layers = 2
  @Option(help: "Learning rate.") var learningRate = 3e-3
  @Option(help: "Print the loss every N steps.") var logEvery = 100
  @Option(help: "Characters of the sample.") var sample = 200
  @Option(help: "Random seed.") var seed = 42
  @Option(help: "Save the weights to this file.") var save: String?

  func validate() throws {
    guard [steps, batchSize, context, size, heads, layers, logEvery].allSatisfy({ $0 > 0 }),
      sample >= 0, seed >= 0, learningRate >= 0, size % heads == 0
    else {
      throw ValidationError("counts must be at least 1, and --heads must divide --size")
    }
  }

  func run() { withWorker { try train($0) } }

  private func train(_ worker: WorkerContext) throws {
    let text = try readText()
    let alphabet = Set(text.unicodeScalars).sorted()
    let indices = Dictionary(uniqueKeysWithValues: zip(alphabet, 0..<alphabet.count))
    let ids = Tensor(text.unicodeScalars.compactMap { indices[$0] })
    guard ids.count > context + 1 else {
      throw ValidationError("the text has \(ids.count) characters; use a smaller --context")
    }
    manualSeed(UInt64(seed))  // all ranks start with the same weights
    let model = GPT(alphabet.count, context: context, size, heads: heads, layers: layers)
    model.move(to: worker.device)
    let parallel = try DistributedDataParallel(model, group: worker.group)
    let optimizer = AdamW(model.parameters, learningRate: learningRate)

    manualSeed(UInt64(seed + worker.rank))  // each rank draws its own sequences
    for step in 1...steps {
      let starts = Tensor.randint(ids.count - context, size: [batchSize, 1])
      let sequences = ids[starts + Tensor.arange(context + 1)].to(worker.device)
      optimizer.zeroGrad()
      let logits = try parallel(sequences[.all, ..<context])
      let loss = crossEntropy(logits.flatten(endDim: 1), sequences[.all, 1...].flatten())
      try loss.backward()
      try optimizer.step()
      if step % logEvery == 0 {
        let mean = loss.detach()
        try worker.group.allReduce(mean, .average)
        if worker.isMain { print("step \(step)  loss \(mean.item)") }
      }
    }
    guard worker.isMain else { return }
    if let save { try PyTorchFile.write(model.stateDict, path: save) }
    let written = try model.sample(sample, after: ids[..<1].to(worker.device))
    let scalars = written.map { alphabet[$0] }
    print("sample: \(String(String.UnicodeScalarView(scalars)))")
  }

  private func readText() throws -> String {
    if let text { return try String(contentsOfFile: text, encoding: .utf8) }
    let reviews = try DelimitedTable(contentsOf: ".data/imdb/train.csv").texts(ofColumn: "text")
    return reviews.prefix(1000).joined(separator: "\n")
  }
}

/// Computes the logits of the character after each character.
final class GPT: Module {
  let characters: Embedding
  let positions: Embedding
  let blocks: Sequential
  let norm: LayerNorm
  let head: Linear
  let context: Int

  init(_ characterCount: Int, context: Int, _ size: Int, heads: Int, layers: Int) {
    self.context = context
    characters = Embedding(characterCount, size)
    positions = Embedding(context, size)
    blocks = Sequential { for _ in 0..<layers { Block(size, heads: heads) } }
    norm = LayerNorm(size)
    head = Linear(size, characterCount)
  }

  func forward(_ idsBT: Tensor) throws -> Tensor {
    let positionsT = Tensor.arange(idsBT.shape[1], device: idsBT.device)
    let xBTC = try characters(idsBT) + positions(positionsT)
    return try head(norm(blocks(xBTC)))
  }

  /// Draws characters one after the other, each from the model's distribution.
  func sample(_ count: Int, after prompt: Tensor) throws -> [Int] {
    var idsT = prompt
    for _ in 0..<count {
      let logits = try noGrad { try self(idsT[(-context)...].unsqueeze(dim: 0)) }
      let next = logits[0, -1].softmax(dim: -1).multinomial(1)
      idsT = Tensor.cat([idsT, next])
    }
    return idsT[1...].array(of: Int64.self).map(Int.init)
  }
}

/// Attends to the preceding characters, then transforms each character.
final class Block: Module {
  let norm1: LayerNorm
  let attention: Linear
  let projection: Linear
  let norm2: LayerNorm
  let network: Sequential
  let heads: Int

  init(_ size: Int, heads: Int) {
    self.heads = heads
    norm1 = LayerNorm(size)
    attention = Linear(size, 3 * size)
    projection = Linear(size, size)
    norm2 = LayerNorm(size)
    network = Sequential(Linear(size, 4 * size), GELU(), Linear(4 * size, size))
  }

  func forward(_ xBTC: Tensor) throws -> Tensor {
    let qkv = try attention(norm1(xBTC)).unflatten(dim: -1, sizes: [3, heads, -1])
    let parts = qkv.permute([2, 0, 3, 1, 4])  // [3, B, H, T, C / H]
    let attended = scaledDotProductAttention(parts[0], parts[1], parts[2], isCausal: true)
    let yBTC = try xBTC + projection(attended.transpose(1, 2).flatten(startDim: 2))
    return try yBTC + network(norm2(yBTC))
  }
}
