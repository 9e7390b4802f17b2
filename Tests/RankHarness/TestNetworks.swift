package import Torch

/// Three layers whose weights depend only on the seed; the second layer is optional.
package final class Network: Module {
  package let first = Linear(6, 16)
  package let second = Linear(16, 16)
  package let head = Linear(16, 1)
  @Buffer package var offset = Tensor.zeros([1])
  package var usesSecond = true

  package init(seed: Int) { fillByFormula(self, seed: seed) }

  package func forward(_ x: Tensor) throws -> Tensor {
    let hidden = try first(x).tanh()
    return try head(usesSecond ? second(hidden).tanh() : hidden) + offset
  }
}

/// A small image network with batch normalization, `[batch, 2, 5, 5]` to `[batch, 1]`.
package final class ImageNetwork: Module {
  package let convolution = Conv2d(2, 4, kernelSize: 3)
  package let norm = BatchNorm2d(4)
  package let head = Linear(36, 1)

  package init() { fillByFormula(self, seed: 0) }

  package func forward(_ x: Tensor) throws -> Tensor {
    try head(norm(convolution(x)).relu().reshape([x.shape[0], 36]))
  }
}

/// Sets parameters to values that depend only on the element's offset, the parameter's index and a
/// seed.
package func fillByFormula(_ model: any Module, seed: Int) {
  noGrad {
    for (index, parameter) in model.parameters.enumerated() {
      let values = (0..<parameter.count).map { position -> Float in
        Float((position * 7919 + index * 104_729 + seed * 31) % 200 - 100) / 300
      }
      parameter.copy_(Tensor(values, shape: parameter.shape))
    }
  }
}

/// Returns samples of a fixed data set by index.
package func batch(_ indices: [Int]) -> (x: Tensor, y: Tensor) {
  let x = indices.flatMap { index -> [Float] in
    (0..<6).map { column -> Float in Float((index * 37 + column * 11) % 50) / 25 - 1 }
  }
  return (Tensor(x, shape: [indices.count, 6]), targets(indices))
}

/// Returns images of a fixed data set by index.
package func images(_ indices: [Int]) -> Tensor {
  let values = indices.flatMap { index in
    (0..<50).map { offset -> Float in Float((index * 131 + offset * 17) % 97) / 48 - 1 }
  }
  return Tensor(values, shape: [indices.count, 2, 5, 5])
}

/// Returns the targets of samples and images.
package func targets(_ indices: [Int]) -> Tensor {
  Tensor(indices.map { index -> Float in Float(index % 7) / 7 }, shape: [indices.count, 1])
}

/// Returns the elements of a model's parameters.
package func values(_ model: any Module) -> [[Float]] {
  model.parameters.map { $0.array(of: Float.self) }
}

/// Returns the largest absolute difference between corresponding elements.
package func largestDifference(_ a: [[Float]], _ b: [[Float]]) -> Float {
  zip(a.joined(), b.joined()).map { abs($0 - $1) }.max() ?? .infinity
}
