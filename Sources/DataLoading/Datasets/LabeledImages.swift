import Glibc

/// Grayscale images with their classes, from the IDX files of MNIST, Fashion-MNIST and similar data
/// sets.
///
/// ```swift
/// let images = try LabeledImages(at: ".data/fashion-mnist", split: "train", classCount: 10)
/// print(images.count, images.height, images.width)
/// ```
public struct LabeledImages: Dataset {
  /// One image.
  public struct Sample: Sendable, Hashable {
    /// The pixels from 0 to 255 in row-major order, shape `[height, width]`.
    public var pixels: ArraySlice<UInt8>
    /// The index of the class.
    public var label: Int
  }

  /// The number of images.
  public var count: Int { labels.bytes.count }
  /// The height of each image in pixels.
  public var height: Int { images.shape[1] }
  /// The width of each image in pixels.
  public var width: Int { images.shape[2] }

  private let images: IDXArray
  private let labels: IDXArray

  /// Reads `SPLIT-images-idx3-ubyte` and `SPLIT-labels-idx1-ubyte`, or their `.gz` versions.
  ///
  /// - Parameters:
  ///   - folder: The folder of the files.
  ///   - split: The split; MNIST has `train` and `t10k`.
  ///   - classCount: The number of classes.
  /// - Throws: ``DataLoadingError`` with the codes of ``IDXArray``, `malformedFile` if the two
  ///   files do not match, or `unknownLabel`.
  public init(at folder: String, split: String, classCount: Int) throws(DataLoadingError) {
    func path(_ name: String) -> String {
      let plain = "\(folder)/\(split)-\(name)-ubyte"
      return access(plain, F_OK) == 0 ? plain : "\(plain).gz"
    }
    let imagePath = path("images-idx3")
    let labelPath = path("labels-idx1")
    images = try IDXArray(contentsOf: imagePath)
    labels = try IDXArray(contentsOf: labelPath)
    guard images.shape.count == 3 else {
      throw DataLoadingError(
        .malformedFile,
        "images must have the shape [count, height, width], not \(images.shape); check that this "
          + "is the "
          + "file of the images",
        path: imagePath)
    }
    guard labels.shape == [images.shape[0]] else {
      throw DataLoadingError(
        .malformedFile,
        "the labels have the shape \(labels.shape), but there are \(images.shape[0]) images in "
          + "\(imagePath); use the files of one split", path: labelPath)
    }
    if let index = labels.bytes.firstIndex(where: { $0 >= classCount }) {
      throw DataLoadingError(
        .unknownLabel,
        "image \(index) has the label \(labels.bytes[index]), but there are \(classCount) classes; "
          + "correct the number of classes", path: labelPath, row: index)
    }
  }

  /// The image at an index.
  public subscript(index: Int) -> Sample {
    requireIndex(index)
    let size = height * width
    return Sample(
      pixels: images.bytes[index * size..<(index + 1) * size], label: Int(labels.bytes[index]))
  }
}
