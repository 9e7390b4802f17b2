public import Collectives
internal import Support
internal import Synchronization
internal import Torch
internal import TorchCollectives

/// Sends low-rank factors of the gradients instead of the gradients.
///
/// "PowerSGD" (Vogels and others, 2019), as PyTorch's `powerSGD_hook` and `batched_powerSGD_hook`.
///
/// A gradient seen as a matrix M of n × m numbers becomes P Qᵀ with P = M Q and Q = Mᵀ P of rank r, which
/// makes (n + m) r numbers to send. What is lost is added to the next step's gradient.
public final class PowerSGDHook: CommunicationHook {
  /// What is to be compressed, and how far; the defaults are PyTorch's.
  public struct Configuration: Sendable {
    /// r, the rank of the factors.
    public var rank = 1
    /// How many steps send whole gradients first; at least 2 with error feedback or warm start, because
    /// buckets change after the first.
    public var startStep = 1000
    /// A matrix is compressed if that makes it smaller by more than this factor.
    public var minimumCompressionRate = 2.0
    /// Whether what was lost is added to the next step's gradient.
    public var usesErrorFeedback = true
    /// Whether Q starts from that of the step before, rather than from random numbers.
    public var usesWarmStart = true
    /// Added to norms when columns are made orthonormal; needed for gradients that are all 0.
    public var epsilon = 0.0
    /// Where random numbers start.
    public var seed: UInt32 = 0
    /// Whether each bucket is one square matrix, rather than a matrix a parameter: faster, less exact.
    public var isBatched = false

    /// Creates the default configuration with the given values.
    public init(rank: Int = 1, startStep: Int = 1000, isBatched: Bool = false) {
      (self.rank, self.startStep, self.isBatched) = (rank, startStep, isBatched)
    }
  }

  private let configuration: Configuration
  private var numbers: MersenneTwister
  private var step = 0
  /// By bucket: what was lost in the step before, and the factors, side by side.
  private var errors: [Int: Tensor] = [:]
  private var factors: [Int: (p: Tensor, q: Tensor)] = [:]
  /// Numbers that compressed steps would have sent, and that they sent.
  public private(set) var countBefore = 0
  /// Numbers that were sent in compressed steps.
  public private(set) var countAfter = 0

  /// Creates the hook.
  ///
  /// - Throws: ``CollectiveError`` with code `invalidArgument` when error feedback or warm start would
  ///   begin before the buckets are settled.
  public init(_ configuration: Configuration = Configuration()) throws(CollectiveError) {
    guard configuration.rank > 0 else {
      throw CollectiveError(.invalidArgument, "PowerSGD needs a rank of 1 or more")
    }
    if configuration.usesErrorFeedback || configuration.usesWarmStart, configuration.startStep < 2 {
      throw CollectiveError(
        .invalidArgument,
        "PowerSGD with error feedback or warm start cannot begin at step \(configuration.startStep): "
          + "buckets change after the first step, so let startStep be 2 or more")
    }
    self.configuration = configuration
    numbers = MersenneTwister(seed: configuration.seed)
  }

  /// Sums the low-rank factors, or averages whole gradients in the first steps.
  public func reduce(_ bucket: GradientBucket, over group: any ProcessGroup) throws -> Reduction {
    guard step >= configuration.startStep else {
      countStep(bucket)
      return try Reduction(averaging: bucket.buffer, over: group)
    }
    return try withoutGradients {
      configuration.isBatched
        ? try reduceBatched(bucket, over: group) : try reduceEach(bucket, over: group)
    }
  }

  private func reduceEach(_ bucket: GradientBucket, over group: any ProcessGroup) throws
    -> Reduction
  {
    let before = addError(to: bucket.buffer, bucket.index)
    var whole: [Tensor] = []
    var matrices: [Tensor] = []
    for gradient in bucket.gradients {
      let rows = gradient.shape.first ?? 1
      let (n, m) = (rows, gradient.count / max(rows, 1))
      let rank = min(n, m, configuration.rank)
      countBefore += n * m
      if Double((n + m) * rank) * configuration.minimumCompressionRate < Double(n * m) {
        matrices.append(gradient.reshaped([n, m]))
        countAfter += (n + m) * rank
      } else {
        whole.append(gradient)
        countAfter += n * m
      }
    }
    // PyTorch takes matrices of one shape together.
    var byShape: [(shape: [Int], matrices: [Tensor])] = []
    for matrix in matrices {
      if let place = byShape.firstIndex(where: { $0.shape == matrix.shape }) {
        byShape[place].matrices.append(matrix)
      } else {
        byShape.append((matrix.shape, [matrix]))
      }
    }
    matrices = byShape.flatMap(\.matrices)

    let (ps, qs, p, q) = makeFactors(of: matrices, bucket)
    for q in qs { orthonormalize(q) }
    for (index, matrix) in matrices.enumerated() {
      ps[index].copy(from: matrix.matmul(qs[index]))
    }
    let together =
      whole.isEmpty ? nil : Tensor.concatenate(whole.map { $0.reshaped([$0.count]) })
    let works = try [together].compactMap { $0 }.map {
      try group.startAllReduce(CollectiveBuffer($0), .sum)
    }
    return Reduction(works) { [self] in
      try withoutGradients {
        if let together {
          together.divide(by: Double(group.worldSize))
          var offset = 0
          for tensor in whole {
            tensor.copy(
              from: together.narrowed(along: 0, to: offset..<offset + tensor.count)
                .reshaped(tensor.shape))
            offset += tensor.count
          }
        }
        if !matrices.isEmpty {
          try group.allReduce(p)
          for p in ps { orthonormalize(p) }
          for (index, matrix) in matrices.enumerated() {
            qs[index].copy(from: matrix.transposed(0, 1).matmul(ps[index]))
          }
          try group.allReduce(q)
          q.divide(by: Double(group.worldSize))
          for (index, matrix) in matrices.enumerated() {
            matrix.copy(from: ps[index].matmul(qs[index].transposed(0, 1)))
          }
        }
        finish(bucket, before: before, after: bucket.buffer)
        return bucket.buffer
      }
    }
  }

  private func reduceBatched(_ bucket: GradientBucket, over group: any ProcessGroup) throws
    -> Reduction
  {
    let count = bucket.buffer.count
    let side = Int(Double(count).squareRoot().rounded(.up))
    countBefore += count
    countAfter += 2 * side * min(side, configuration.rank)
    let padded = Tensor(zeros: [side * side], dtype: bucket.buffer.dtype)
    padded.narrowed(along: 0, to: 0..<count).copy(from: bucket.buffer)
    let before = addError(to: padded, bucket.index)
    let matrix = padded.reshaped([side, side])
    let (ps, qs, _, _) = makeFactors(of: [matrix], bucket)
    let (p, q) = (ps[0], qs[0])
    orthonormalize(q)
    p.copy(from: matrix.matmul(q))
    return Reduction([try group.startAllReduce(CollectiveBuffer(p), .sum)]) { [self] in
      try withoutGradients {
        orthonormalize(p)
        q.copy(from: matrix.transposed(0, 1).matmul(p))
        try group.allReduce(q)
        q.divide(by: Double(group.worldSize))
        matrix.copy(from: p.matmul(q.transposed(0, 1)))
        finish(bucket, before: before, after: padded)
        bucket.buffer.copy(from: padded.narrowed(along: 0, to: 0..<count))
        return bucket.buffer
      }
    }
  }

  /// The factors of a bucket's matrices, as views of two tensors; Q is random at first.
  private func makeFactors(
    of matrices: [Tensor], _ bucket: GradientBucket
  ) -> (ps: [Tensor], qs: [Tensor], p: Tensor, q: Tensor) {
    let sizes = matrices.map { matrix in
      let (n, m) = (matrix.shape[0], matrix.shape[1])
      return (n: n, m: m, rank: min(n, m, configuration.rank))
    }
    let dtype = bucket.buffer.dtype
    let known = configuration.usesWarmStart ? factors[bucket.index] : nil
    let (p, q) =
      known ?? (
        p: Tensor(empty: [sizes.map { $0.n * $0.rank }.reduce(0, +)], dtype: dtype),
        q: Tensor(empty: [sizes.map { $0.m * $0.rank }.reduce(0, +)], dtype: dtype)
      )
    if configuration.usesWarmStart { factors[bucket.index] = (p, q) }
    func views(_ flat: Tensor, _ shapes: [(Int, Int)]) -> [Tensor] {
      var offset = 0
      return shapes.map { rows, columns in
        defer { offset += rows * columns }
        return flat.narrowed(along: 0, to: offset..<offset + rows * columns)
          .reshaped([rows, columns])
      }
    }
    let ps = views(p, sizes.map { ($0.n, $0.rank) })
    let qs = views(q, sizes.map { ($0.m, $0.rank) })
    if known == nil { fillRandomly(qs) }
    return (ps, qs, p, q)
  }

  /// The same numbers on every rank; the default generator goes on as if nothing had been drawn.
  private func fillRandomly(_ tensors: [Tensor]) {
    let seed = nextSeed()
    // Ranks may be threads, and the default generator is the process's.
    generatorIsBorrowed.withLock { _ in
      let generators = RandomGenerators()
      let state = try? generators.captureState()
      manualSeed(seed)
      for tensor in tensors { tensor.copy(from: Tensor(randomNormal: tensor.shape)) }
      if let state { try? generators.restoreState(state) }
    }
  }

  /// A number below 10⁹ as NumPy's `RandomState.randint` draws it: 30 bits, until they fit.
  private func nextSeed() -> UInt64 {
    while true {
      let bits = numbers.random32() & 0x3FFF_FFFF
      if bits < 1_000_000_000 { return UInt64(bits) }
    }
  }

  /// Adds what was lost in the step before.
  ///
  /// Returns a copy of the sum, if it will be needed.
  private func addError(to buffer: Tensor, _ index: Int) -> Tensor? {
    guard configuration.usesErrorFeedback else { return nil }
    if let error = errors[index] { buffer.add(error) }
    return buffer * 1
  }

  private func finish(_ bucket: GradientBucket, before: Tensor?, after: Tensor) {
    if let before { errors[bucket.index] = before - after }
    countStep(bucket)
  }

  private func countStep(_ bucket: GradientBucket) {
    if bucket.isLast { step += 1 }
  }

  /// Makes the columns orthonormal, in place: Gram-Schmidt for two columns or fewer, else QR.
  private func orthonormalize(_ matrix: Tensor) {
    let columns = matrix.shape[1]
    guard columns <= 2 || matrix.dtype == .float16 || matrix.dtype == .bfloat16 else {
      matrix.copy(from: qr.tensors(count: 2, .tensor(matrix))[0])
      return
    }
    for index in 0..<columns {
      let column = matrix.narrowed(along: 1, to: index..<index + 1)
      let length = norm.tensor(.tensor(column), .int(2), .ints([0]), .bool(true))
      divideInPlace.run(
        .tensor(column),
        .tensor(configuration.epsilon == 0 ? length : length + configuration.epsilon))
      guard index + 1 < columns else { continue }
      let rest = matrix.narrowed(along: 1, to: index + 1..<columns)
      rest.add((column * rest).sum(along: [0]).unsqueezed(at: 0) * column, scaledBy: -1)
    }
  }
}

private let generatorIsBorrowed = Mutex(())
private let norm = Operator("aten::norm", "ScalarOpt_dim")
private let divideInPlace = Operator("aten::div_", "Tensor")
private let qr = Operator("aten::linalg_qr")
