import Lockstep

/// Two convolutions and two linear layers: 421,642 parameters for images of 28 × 28 pixels.
///
/// Shapes in names: B images, C channels, H rows, W columns.
final class FashionNetwork: Module {
  let convolution1 = Conv2d(1, 32, kernelSize: 3, padding: 1)
  let convolution2 = Conv2d(32, 64, kernelSize: 3, padding: 1)
  let hidden: Linear
  let dropout = Dropout(0.25)
  let head: Linear

  init(height: Int, width: Int, classCount: Int) {
    hidden = Linear(64 * (height / 4) * (width / 4), 128)
    head = Linear(128, classCount)
  }

  /// Maps pixels `[B, 1, H, W]` to logits `[B, classes]`.
  func forward(_ imagesB1HW: Tensor) throws -> Tensor {
    let halfBCHW = try convolution1(imagesB1HW).relu().maxPool2d(2)
    let quarterBCHW = try convolution2(halfBCHW).relu().maxPool2d(2)
    let flat = quarterBCHW.reshape([imagesB1HW.shape[0], -1])
    return try head(dropout(hidden(flat).relu()))
  }
}
