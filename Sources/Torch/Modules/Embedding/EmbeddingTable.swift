internal import Support

// What Embedding and EmbeddingBag share.

/// Fills a table from the standard normal distribution, and one entry with zeros.
func fillTable(_ weight: Tensor, zeroAt paddingIdx: Int?) {
  Init.normal(weight)
  if let paddingIdx { noGrad { weight.select(dim: 0, index: paddingIdx).fill_(0) } }
}

/// An index of the table, counted from its start.
func tableIndex(
  _ index: Int?, of count: Int, _ file: StaticString, _ line: UInt
) -> Int? {
  guard let index else { return nil }
  require(
    index >= -count && index < count,
    "paddingIdx is \(index), but the table has \(count) entries: use an index below \(count), "
      + "or nil", file: file, line: line)
  return index < 0 ? index + count : index
}

/// A parameter that shares the memory of a tensor.
func pretrainedTable(
  _ embeddings: Tensor, freeze: Bool, _ file: StaticString, _ line: UInt
) -> Tensor {
  require(
    embeddings.ndim == 2,
    "the embeddings have shape \(embeddings.shape): pass a tensor [numEmbeddings, embeddingDim]",
    file: file, line: line)
  let weight = Tensor.parameter(embeddings.detach())
  if freeze { weight.requiresGrad = false }
  return weight
}

/// Shortens the entries at some indices, in memory, to a norm.
func limitNorm(of weight: Tensor, at indices: Tensor, to maxNorm: Double, _ normType: Double) {
  noGrad {
    renormOp.run(
      .tensor(weight.detach()), .tensor(indices), .double(maxNorm), .double(normType))
  }
}

private let renormOp = Operator("aten::embedding_renorm_")
