public import Collectives
internal import Support
internal import Synchronization
internal import Torch
internal import TorchCollectives

/// Sends low-rank factors of the gradients instead of the gradients (`powerSGD_hook`,
/// `batched_powerSGD_hook`).
///
/// A gradient as an n × m matrix M is approximated by P Qᵀ of rank r, with P = M Q and Q = Mᵀ P, so
/// (n + m) r elements are sent. The approximation error is added to the next step's gradient
/// (Vogels et al. 2019, "PowerSGD").
public final class PowerSGDHook: CommunicationHook {
  /// Options of ``PowerSGDHook``; the defaults are PyTorch's.
  public struct Configuration: Sendable {
    /// The rank r of the factors.
    public var rank = 1
    /// The number of initial steps that send uncompressed gradients.
    ///
    /// At least 2 with error feedback or warm start, because buckets are rebuilt after the first
    /// step.
    public var startStep = 1000
    /// The compression ratio above which a matrix is compressed.
    public var minimumCompressionRate = 2.0
    /// Whether the approximation error is added to the next step's gradient.
    public var usesErrorFeedback = true
    /// Whether Q starts from the previous step's Q rather than from random values.
    public var usesWarmStart = true
    /// A value added to norms in orthonormalization; needed if all elements of a gradient can be 0.
    public var epsilon = 0.0
    /// The seed of the random values in Q.
    public var seed: UInt32 = 0
    /// Whether each bucket is one square matrix rather than one matrix per parameter: faster, but
    /// less exact.
    public var isBatched = false

    /// Creates the default configuration with the given values.
    public init(rank: Int = 1, startStep: Int = 1000, isBatched: Bool = false) {
      self.rank = rank
      self.startStep = startStep
      self.isBatched = isBatched
    }
  }

  private let configuration: Configuration
  private var seeds: MersenneTwister
  private var step = 0
  /// For each bucket, the approximation errors of the previous step, and the factors as flat
  /// tensors.
  private var errors: [Int: Tensor] = [:]
  private var factors: [Int: (p: Tensor, q: Tensor)] = [:]
  /// The number of elements of all gradients in compressed steps.
  public private(set) var countBefore = 0
  /// The number of elements sent in compressed steps.
  public private(set) var countAfter = 0

  /// Creates the hook.
  ///
  /// - Throws: ``CollectiveError`` with code `invalidArgument` if the rank is less than 1, or error
  ///   feedback or warm start begins before the buckets are rebuilt.
  public init(_ configuration: Configuration = Configuration()) throws(CollectiveError) {
    guard configuration.rank > 0 else {
      throw CollectiveError(
        .invalidArgument, "PowerSGD cannot use rank \(configuration.rank): use 1 or more")
    }
    if configuration.usesErrorFeedback || configuration.usesWarmStart, configuration.startStep < 2 {
      throw CollectiveError(
        .invalidArgument,
        "PowerSGD with error feedback or warm start cannot begin at step "
          + "\(configuration.startStep), because buckets are rebuilt after the first step: set "
          + "startStep to 2 or more")
    }
    self.configuration = configuration
    seeds = MersenneTwister(seed: configuration.seed)
  }

  /// Averages low-rank factors, or uncompressed gradients in the first steps.
  public func reduce(_ bucket: GradientBucket, over group: any ProcessGroup) throws -> Reduction {
    guard step >= configuration.startStep else {
      countStep(bucket)
      return try Reduction(averaging: bucket.buffer, over: group)
    }
    return try noGrad {
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
      let n = rows
      let m = gradient.count / max(rows, 1)
      let rank = min(n, m, configuration.rank)
      countBefore += n * m
      if Double((n + m) * rank) * configuration.minimumCompressionRate < Double(n * m) {
        matrices.append(gradient.reshape([n, m]))
        countAfter += (n + m) * rank
      } else {
        whole.append(gradient)
        countAfter += n * m
      }
    }
    // As in PyTorch, matrices of one shape are adjacent.
    var byShape: [(shape: [Int], matrices: [Tensor])] = []
    for matrix in matrices {
      if let index = byShape.firstIndex(where: { $0.shape == matrix.shape }) {
        byShape[index].matrices.append(matrix)
      } else {
        byShape.append((matrix.shape, [matrix]))
      }
    }
    matrices = byShape.flatMap(\.matrices)

    let (ps, qs, p, q) = makeFactors(of: matrices, bucket)
    for q in qs { orthonormalize(q) }
    for (index, matrix) in matrices.enumerated() {
      ps[index].copy_(matrix.matmul(qs[index]))
    }
    let uncompressed =
      whole.isEmpty ? nil : Tensor.cat(whole.map { $0.reshape([$0.count]) })
    let works = try [uncompressed].compactMap { $0 }.map {
      try group.startAllReduce(CollectiveBuffer($0), .sum)
    }
    return Reduction(works) { [self] in
      try noGrad {
        if let uncompressed {
          uncompressed.div_(Double(group.worldSize))
          var offset = 0
          for tensor in whole {
            tensor.copy_(
              uncompressed.narrow(dim: 0, start: offset, length: tensor.count)
                .reshape(tensor.shape))
            offset += tensor.count
          }
        }
        if !matrices.isEmpty {
          try group.allReduce(p)
          for p in ps { orthonormalize(p) }
          for (index, matrix) in matrices.enumerated() {
            qs[index].copy_(matrix.transpose(0, 1).matmul(ps[index]))
          }
          try group.allReduce(q)
          q.div_(Double(group.worldSize))
          for (index, matrix) in matrices.enumerated() {
            matrix.copy_(ps[index].matmul(qs[index].transpose(0, 1)))
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
    let padded = Tensor.zeros([side * side], dtype: bucket.buffer.dtype)
    padded.narrow(dim: 0, start: 0, length: count).copy_(bucket.buffer)
    let before = addError(to: padded, bucket.index)
    let matrix = padded.reshape([side, side])
    let (ps, qs, _, _) = makeFactors(of: [matrix], bucket)
    let p = ps[0]
    let q = qs[0]
    orthonormalize(q)
    p.copy_(matrix.matmul(q))
    return Reduction([try group.startAllReduce(CollectiveBuffer(p), .sum)]) { [self] in
      try noGrad {
        orthonormalize(p)
        q.copy_(matrix.transpose(0, 1).matmul(p))
        try group.allReduce(q)
        q.div_(Double(group.worldSize))
        matrix.copy_(p.matmul(q.transpose(0, 1)))
        finish(bucket, before: before, after: padded)
        bucket.buffer.copy_(padded.narrow(dim: 0, start: 0, length: count))
        return bucket.buffer
      }
    }
  }

  /// Returns the factors of a bucket's matrices as views of two flat tensors; Q is random in the
  /// first compressed step.
  private func makeFactors(
    of matrices: [Tensor], _ bucket: GradientBucket
  ) -> (ps: [Tensor], qs: [Tensor], p: Tensor, q: Tensor) {
    let sizes = matrices.map { matrix in
      let n = matrix.shape[0]
      let m = matrix.shape[1]
      return (n: n, m: m, rank: min(n, m, configuration.rank))
    }
    let dtype = bucket.buffer.dtype
    let known = configuration.usesWarmStart ? factors[bucket.index] : nil
    let (p, q) =
      known ?? (
        p: Tensor.empty([sizes.map { $0.n * $0.rank }.reduce(0, +)], dtype: dtype),
        q: Tensor.empty([sizes.map { $0.m * $0.rank }.reduce(0, +)], dtype: dtype)
      )
    if configuration.usesWarmStart { factors[bucket.index] = (p, q) }
    func views(_ flat: Tensor, _ shapes: [(Int, Int)]) -> [Tensor] {
      var offset = 0
      return shapes.map { rows, columns in
        defer { offset += rows * columns }
        return flat.narrow(dim: 0, start: offset, length: rows * columns)
          .reshape([rows, columns])
      }
    }
    let ps = views(p, sizes.map { ($0.n, $0.rank) })
    let qs = views(q, sizes.map { ($0.m, $0.rank) })
    if known == nil { fillRandomly(qs) }
    return (ps, qs, p, q)
  }

  /// Fills the tensors with the same random values on every rank; the default generator keeps its
  /// state.
  private func fillRandomly(_ tensors: [Tensor]) {
    let seed = nextSeed()
    // Ranks may be threads of one process, which share the default generator.
    generatorLock.withLock { _ in
      let generators = RandomGenerators()
      let state = try? generators.captureState()
      manualSeed(seed)
      for tensor in tensors { tensor.copy_(Tensor.randn(tensor.shape)) }
      if let state { try? generators.restoreState(state) }
    }
  }

  /// Returns a value below 10⁹ like NumPy's `RandomState.randint`, which draws 30 bits until their
  /// value is below 10⁹.
  private func nextSeed() -> UInt64 {
    while true {
      let bits = seeds.random32() & 0x3FFF_FFFF
      if bits < 1_000_000_000 { return UInt64(bits) }
    }
  }

  /// Adds the approximation error of the previous step to a bucket.
  ///
  /// Returns a copy of the sum if error feedback is on.
  private func addError(to buffer: Tensor, _ index: Int) -> Tensor? {
    guard configuration.usesErrorFeedback else { return nil }
    if let error = errors[index] { buffer.add_(error) }
    return buffer * 1
  }

  private func finish(_ bucket: GradientBucket, before: Tensor?, after: Tensor) {
    if let before { errors[bucket.index] = before - after }
    countStep(bucket)
  }

  private func countStep(_ bucket: GradientBucket) {
    if bucket.isLast { step += 1 }
  }

  /// Orthonormalizes the columns in place: by Gram-Schmidt for up to two columns or 16-bit types,
  /// otherwise by QR.
  private func orthonormalize(_ matrix: Tensor) {
    let columns = matrix.shape[1]
    guard columns <= 2 || matrix.dtype == .float16 || matrix.dtype == .bfloat16 else {
      matrix.copy_(qrOp.tensors(count: 2, .tensor(matrix))[0])
      return
    }
    for index in 0..<columns {
      let column = matrix.narrow(dim: 1, start: index, length: 1)
      let length = normOp.tensor(.tensor(column), .int(2), .ints([0]), .bool(true))
      divideInPlace.run(
        .tensor(column),
        .tensor(configuration.epsilon == 0 ? length : length + configuration.epsilon))
      guard index + 1 < columns else { continue }
      let rest = matrix.narrow(dim: 1, start: index + 1, length: columns - (index + 1))
      rest.add_((column * rest).sum(dim: [0]).unsqueeze(dim: 0) * column, alpha: -1)
    }
  }
}

private let generatorLock = Mutex(())
private let normOp = Operator("aten::norm", "ScalarOpt_dim")
private let divideInPlace = Operator("aten::div_", "Tensor")
private let qrOp = Operator("aten::linalg_qr")
