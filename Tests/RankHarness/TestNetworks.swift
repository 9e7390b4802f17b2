package import Torch

/// Three layers whose weights depend on the seed only, of which the second may be left out.
package final class Network: Module {
  package let first = Linear(6, 16)
  package let second = Linear(16, 16)
  package let head = Linear(16, 1)
  @Buffer package var offset = Tensor(zeros: [1])
  package var usesSecond = true

  package init(seed: Int) { fillByFormula(self, seed: seed) }

  package func forward(_ x: Tensor) -> Tensor {
    let hidden = first(x).tanh()
    return head(usesSecond ? second(hidden).tanh() : hidden) + offset
  }
}

/// A small network of images, `[batch, 2, 5, 5]` to `[batch, 1]`, with a normalisation.
package final class ImageNetwork: Module {
  package let convolution = Conv2d(2, 4, kernel: 3)
  package let norm = BatchNorm(4)
  package let head = Linear(36, 1)

  package init() { fillByFormula(self, seed: 0) }

  package func forward(_ x: Tensor) -> Tensor {
    head(norm(convolution(x)).relu().reshaped([x.shape[0], 36]))
  }
}

/// Gives parameters values that depend on their places and a seed only.
package func fillByFormula(_ model: any Module, seed: Int) {
  withoutGradients {
    for (index, parameter) in model.parameters.enumerated() {
      let values = (0..<parameter.count).map { position -> Float in
        Float((position * 7919 + index * 104_729 + seed * 31) % 200 - 100) / 300
      }
      parameter.copy(from: Tensor(values, shape: parameter.shape))
    }
  }
}

/// Samples of a fixed data set, by number.
package func batch(_ indices: [Int]) -> (x: Tensor, y: Tensor) {
  let x = indices.flatMap { index -> [Float] in
    (0..<6).map { column -> Float in Float((index * 37 + column * 11) % 50) / 25 - 1 }
  }
  return (Tensor(x, shape: [indices.count, 6]), targets(indices))
}

/// Images of a fixed data set, by number.
package func images(_ indices: [Int]) -> Tensor {
  let values = indices.flatMap { index in
    (0..<50).map { place -> Float in Float((index * 131 + place * 17) % 97) / 48 - 1 }
  }
  return Tensor(values, shape: [indices.count, 2, 5, 5])
}

/// What the samples and images are to give.
package func targets(_ indices: [Int]) -> Tensor {
  Tensor(indices.map { index -> Float in Float(index % 7) / 7 }, shape: [indices.count, 1])
}

/// A model's parameters as numbers.
package func values(_ model: any Module) -> [[Float]] {
  model.parameters.map { $0.array(of: Float.self) }
}

/// The largest difference of two lists of numbers.
package func largestDifference(_ a: [[Float]], _ b: [[Float]]) -> Float {
  zip(a.joined(), b.joined()).map { abs($0 - $1) }.max() ?? .infinity
}
