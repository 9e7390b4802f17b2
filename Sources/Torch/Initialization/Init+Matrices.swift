internal import Support

extension Init {
  /// Fills a matrix with the identity.
  ///
  /// PyTorch: `torch.nn.init.eye_`.
  ///
  /// - Precondition: The tensor has 2 dimensions.
  public static func eye(
    _ tensor: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) {
    let shape = matrixShape(of: tensor, file: file, line: line)
    noGrad { tensor.copy_(Tensor.eye(shape[0], shape[1], device: tensor.device)) }
  }

  /// Fills the weight of a convolution so that it preserves as many channels as possible.
  ///
  /// PyTorch: `torch.nn.init.dirac_`. Each group of channels preserves its own.
  ///
  /// - Precondition: The tensor has 3, 4 or 5 dimensions, and `groups` divides the first.
  public static func dirac(
    _ tensor: Tensor, groups: Int = 1, file: StaticString = #fileID, line: UInt = #line
  ) {
    let shape = tensor.shape
    require(
      (3...5).contains(shape.count),
      "the tensor has shape \(shape): pass the weight of a convolution, of 3 to 5 dimensions",
      file: file, line: line)
    require(
      groups >= 1 && shape[0] % groups == 0,
      "\(groups) groups do not divide the \(shape[0]) output channels: use a divisor", file: file,
      line: line)
    let channels = shape[0] / groups
    let center = shape[2...].map { $0 / 2 }
    noGrad {
      tensor.fill_(0)
      for group in 0..<groups {
        for channel in 0..<Swift.min(channels, shape[1]) {
          var element = tensor
          for index in [group * channels + channel, channel] + center { element = element[index] }
          element.fill_(1)
        }
      }
    }
  }

  /// Fills a tensor with a matrix of orthogonal rows or columns, whichever are fewer.
  ///
  /// PyTorch: `torch.nn.init.orthogonal_` (Saxe et al. 2013). Dimensions after the first are
  /// flattened. An empty tensor is left as it is.
  ///
  /// - Precondition: The tensor has 2 or more dimensions.
  public static func orthogonal(
    _ tensor: Tensor, gain: Double = 1, file: StaticString = #fileID, line: UInt = #line
  ) {
    let shape = tensor.shape
    require(
      shape.count >= 2, "the tensor has shape \(shape): pass one of 2 or more dimensions",
      file: file, line: line)
    guard tensor.count > 0 else { return }
    let rows = shape[0]
    let columns = tensor.count / rows
    noGrad {
      let draws = Tensor.empty([rows, columns], dtype: tensor.dtype, device: tensor.device)
      draws.normal_()
      let factors = (rows < columns ? draws.t() : draws).linalg.qr()
      // Makes the decomposition unique, and the distribution uniform (Mezzadri 2006).
      let unique = factors.q * factors.r.diag().sign()
      tensor.copy_((rows < columns ? unique.t() : unique).reshape(shape))
      tensor.mul_(gain)
    }
  }

  /// Fills a matrix with normal draws and sets a share of each column to 0.
  ///
  /// PyTorch: `torch.nn.init.sparse_` (Martens 2010).
  ///
  /// - Precondition: The tensor has 2 dimensions, and `sparsity` is in [0, 1].
  public static func sparse(
    _ tensor: Tensor, sparsity: Double, std: Double = 0.01, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    let shape = matrixShape(of: tensor, file: file, line: line)
    require(
      (0...1).contains(sparsity), "sparsity is \(sparsity); use 0 to 1", file: file, line: line)
    let zeros = Int((sparsity * Double(shape[0])).rounded(.up))
    noGrad {
      tensor.normal_(std: std)
      for column in 0..<shape[1] {
        let rows = Tensor.randperm(shape[0])[..<zeros]
        tensor[rows, column] = Tensor(Float(0))
      }
    }
  }

  private static func matrixShape(
    of tensor: Tensor, file: StaticString, line: UInt
  ) -> [Int] {
    let shape = tensor.shape
    require(
      shape.count == 2, "the tensor has shape \(shape): pass a matrix", file: file, line: line)
    return shape
  }
}
