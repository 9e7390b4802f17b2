internal import CTorch

/// One call of an attention: projected queries, keys and values, and the mask that is added to the
/// scores.
///
/// The steps and their order are those of `torch.nn.functional.multi_head_attention_forward`.
struct AttentionPass {
  /// The number of queries of a sequence.
  let queries: Int
  /// The number of sequences.
  let batch: Int
  private let heads: Int
  private let size: Int
  private let isBatched: Bool
  private let batchFirst: Bool
  private let averagesWeights: Bool
  private let dropout: Double
  private let isCausal: Bool
  /// Shape `[batch × heads, …, headSize]`.
  private let q: Tensor
  private let k: Tensor
  private let v: Tensor
  /// Shape `[1 or batch × heads, 1 or queries, keys]`.
  private let mask: Tensor?

  /// Checks and projects the input; `nil` after a failed operator.
  init?(_ module: MultiheadAttention, _ input: MultiheadAttention.Input) {
    let masks = [input.keyPaddingMask, input.attnMask].compactMap { $0 }
    guard ([input.query, input.key, input.value] + masks).allSatisfy(\.isDefined),
      !ct_catch_has_failed()
    else { return nil }
    var inputs = (input.query, input.key, input.value)
    isBatched = input.query.ndim == 3
    batchFirst = module.batchFirst
    if let problem = AttentionPass.shapeProblem(module, input) {
      operatorFailed(
        "MultiheadAttention",
        "\(input.query.summary), \(input.key.summary), \(input.value.summary)", problem)
      return nil
    }
    var padding = input.keyPaddingMask
    if !isBatched {
      // Three tensors, also of one: PyTorch then uses three matrix products, which round alike.
      inputs = (
        inputs.0.unsqueeze(dim: 1), inputs.1.unsqueeze(dim: 1), inputs.2.unsqueeze(dim: 1)
      )
      padding = padding?.unsqueeze(dim: 0)
    } else if batchFirst {
      inputs = AttentionPass.map(inputs) { $0.transpose(1, 0) }
    }
    let dtype = inputs.0.dtype
    queries = inputs.0.shape[0]
    batch = inputs.0.shape[1]
    heads = module.numHeads
    size = module.embedDim / module.numHeads
    averagesWeights = input.averageAttnWeights
    dropout = module.isTraining ? module.dropout : 0

    // The kernel masks by itself only if the causal mask is the only one, and no weights are
    // needed.
    isCausal = input.isCausal && padding == nil && !input.needWeights
    var mask = isCausal ? nil : input.attnMask.flatMap { additiveMask($0, dtype) }
    if let given = mask, given.ndim == 2 { mask = given.unsqueeze(dim: 0) }
    var keyMask = padding.flatMap { additiveMask($0, dtype) }

    var (q, k, v) = AttentionPass.project(module, inputs)
    guard q.isDefined, k.isDefined, v.isDefined else { return nil }
    if let biasK = module.biasK, let biasV = module.biasV {
      k = Tensor.cat([k, biasK.tile([1, batch, 1])])
      v = Tensor.cat([v, biasV.tile([1, batch, 1])])
      mask = mask?.pad([0, 1])
      keyMask = keyMask?.pad([0, 1])
    }
    let rows = batch * heads
    let headSize = size
    func split(_ x: Tensor) -> Tensor { x.view([x.shape[0], rows, headSize]).transpose(0, 1) }
    q = split(q)
    k = split(k)
    v = split(v)
    if module.addZeroAttn {
      let zeros = Tensor.zeros([rows, 1, headSize], dtype: k.dtype, device: k.device)
      k = Tensor.cat([k, zeros], dim: 1)
      v = Tensor.cat([v, zeros], dim: 1)
      mask = mask?.pad([0, 1])
      keyMask = keyMask?.pad([0, 1])
    }
    if let given = keyMask {
      let keys = k.shape[1]
      let expanded = given.view([batch, 1, 1, keys]).expand([-1, heads, -1, -1])
        .reshape([rows, 1, keys])
      mask = mask.map { $0 + expanded } ?? expanded
    }
    self.q = q
    self.k = k
    self.v = v
    self.mask = mask
  }

  /// The attended values `[queries × batch, embedDim]`, by the fused kernel.
  func fused() -> Tensor {
    let keys = k.shape[1]
    let mask = mask.map { mask in
      mask.shape[0] == 1 ? mask.unsqueeze(dim: 0) : mask.view([batch, heads, -1, keys])
    }
    return scaledDotProductAttention(
      q.view([batch, heads, queries, size]), k.view([batch, heads, keys, size]),
      v.view([batch, heads, keys, size]), attnMask: mask, dropoutP: dropout, isCausal: isCausal
    ).permute([2, 0, 1, 3]).reshape([batch * queries, heads * size])
  }

  /// The attended values `[queries × batch, embedDim]`, and the weights.
  func weighted() -> (Tensor, Tensor?) {
    let scaled = q * (1 / Double(size)).squareRoot()
    let keys = k.transpose(-2, -1)
    let scores = mask.map { $0.baddbmm(scaled, keys) } ?? scaled.bmm(keys)
    var weights = scores.softmax(dim: -1)
    if dropout > 0 { weights = weights.dropout(p: dropout, training: true) }
    let attended = weights.bmm(v).transpose(0, 1).reshape([queries * batch, heads * size])
    weights = weights.view([batch, heads, queries, k.shape[1]])
    if averagesWeights { weights = weights.mean(dim: 1) }
    return (attended, isBatched ? weights : weights.squeeze(dim: 0))
  }

  /// The output `[queries, batch, embedDim]` in the form of the query.
  func output(_ output: Tensor) -> Tensor {
    if !isBatched { return output.squeeze(dim: 1) }
    return batchFirst ? output.transpose(1, 0) : output
  }

  /// Transforms tensors once that occur several times, so that they remain one tensor.
  private static func map(
    _ inputs: (Tensor, Tensor, Tensor), _ transform: (Tensor) -> Tensor
  ) -> (Tensor, Tensor, Tensor) {
    let query = transform(inputs.0)
    let key = inputs.1 === inputs.0 ? query : transform(inputs.1)
    if inputs.2 === inputs.1 { return (query, key, key) }
    return (query, key, transform(inputs.2))
  }

  /// The projections; one matrix product where inputs are the same tensor.
  private static func project(
    _ module: MultiheadAttention, _ inputs: (Tensor, Tensor, Tensor)
  ) -> (Tensor, Tensor, Tensor) {
    let (query, key, value) = inputs
    let size = module.embedDim
    let bias = module.inProjBias
    guard let weight = module.inProjWeight else {
      let biases = bias?.chunk(3)
      let weights = [module.qProjWeight, module.kProjWeight, module.vProjWeight].compactMap { $0 }
      return (
        query.linear(weights[0], bias: biases?[0]), key.linear(weights[1], bias: biases?[1]),
        value.linear(weights[2], bias: biases?[2])
      )
    }
    if key === value, query === key {
      let parts = separate(query.linear(weight, bias: bias), 3, size)
      return (parts[0], parts[1], parts[2])
    }
    if key === value {
      let weights = weight.split([size, 2 * size])
      let biases = bias?.split([size, 2 * size])
      let query = query.linear(weights[0], bias: biases?[0])
      let parts = separate(key.linear(weights[1], bias: biases?[1]), 2, size)
      return (query, parts[0], parts[1])
    }
    let weights = weight.chunk(3)
    let biases = bias?.chunk(3)
    return (
      query.linear(weights[0], bias: biases?[0]), key.linear(weights[1], bias: biases?[1]),
      value.linear(weights[2], bias: biases?[2])
    )
  }

  /// Divides the last dimension into `count` tensors, each contiguous.
  private static func separate(_ projected: Tensor, _ count: Int, _ size: Int) -> [Tensor] {
    let parts = projected.unflatten(dim: -1, sizes: [count, size]).unsqueeze(dim: 0)
      .transpose(0, -2).squeeze(dim: -2).contiguous()
    return (0..<count).map { parts.select(dim: 0, index: $0) }
  }

  private static func shapeProblem(
    _ module: MultiheadAttention, _ input: MultiheadAttention.Input
  ) -> String? {
    let shapes = (input.query.shape, input.key.shape, input.value.shape)
    let ndim = shapes.0.count
    guard ndim == 2 || ndim == 3 else {
      return "the query has shape \(shapes.0): pass [queries, batch, embedDim], or [queries, "
        + "embedDim] without a batch"
    }
    guard shapes.1.count == ndim, shapes.2.count == ndim else {
      return "the query has \(ndim) dimensions, but key and value have shapes \(shapes.1) and "
        + "\(shapes.2): pass all with a batch, or all without"
    }
    let sizes = (shapes.0[ndim - 1], shapes.1[ndim - 1], shapes.2[ndim - 1])
    guard sizes == (module.embedDim, module.kdim, module.vdim) else {
      return "query, key and value have \(sizes.0), \(sizes.1) and \(sizes.2) features, but the "
        + "module has embedDim \(module.embedDim), kdim \(module.kdim) and vdim \(module.vdim)"
    }
    guard shapes.1.dropLast() == shapes.2.dropLast() else {
      return "key and value have shapes \(shapes.1) and \(shapes.2): pass one value for each key"
    }
    let batchDimension = module.batchFirst ? 0 : 1
    let lengthDimension = ndim == 2 ? 0 : 1 - batchDimension
    let batch = ndim == 2 ? 1 : shapes.0[batchDimension]
    if ndim == 3, shapes.1[batchDimension] != batch {
      return "the query has \(batch) sequences, but the key has \(shapes.1[batchDimension]): pass "
        + "equal batches (batchFirst is \(module.batchFirst))"
    }
    let queries = shapes.0[lengthDimension]
    let keys = shapes.1[lengthDimension]
    if let mask = input.keyPaddingMask {
      let expected = ndim == 2 ? [keys] : [batch, keys]
      if let problem = maskProblem(mask, "keyPaddingMask", [expected]) { return problem }
    }
    if let mask = input.attnMask {
      let expected = [[queries, keys], [batch * module.numHeads, queries, keys]]
      if let problem = maskProblem(mask, "attnMask", expected) { return problem }
    } else if input.isCausal {
      return "isCausal describes attnMask, but there is none: pass attnMask: "
        + "Transformer.generateSquareSubsequentMask(\(queries)) too"
    }
    return nil
  }

  private static func maskProblem(
    _ mask: Tensor, _ name: String, _ shapes: [[Int]]
  ) -> String? {
    if mask.dtype != .bool, !mask.dtype.isFloatingPoint {
      return "\(name) has type \(mask.dtype): pass bool, true where a key is not attended to, or a "
        + "floating-point type"
    }
    if shapes.contains(mask.shape) { return nil }
    let expected = shapes.map { "\($0)" }.joined(separator: " or ")
    return "\(name) has shape \(mask.shape): pass a mask of shape \(expected)"
  }
}
