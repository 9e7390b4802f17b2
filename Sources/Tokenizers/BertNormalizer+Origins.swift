extension BertNormalizer {
  /// Appends the normalized text to `output`, and each byte's source scalar to `origins`.
  ///
  /// The text equals that of ``normalize(_:into:)``. Like Hugging Face, it assigns origins after
  /// decomposition has sorted a run of marks: the first mark in the new order gets the run's first
  /// scalar, and so on (`NormalizedString::transform` in `tokenizers`).
  ///
  /// - Parameters:
  ///   - text: Valid UTF-8.
  ///   - output: The buffer that receives the normalized text.
  ///   - origins: The source scalar of each byte of `output`.
  ///   - first: The index of the text's first scalar.
  package func normalize(
    _ text: Span<UInt8>, into output: inout [UInt8], origins: inout [Int32], first: Int32
  ) {
    let table = table.span
    var run = MarkRun()
    var origin = first
    var index = 0
    while index < text.count {
      let (value, length) = text.scalar(at: index)
      index += length
      let entry = value < Self.tableSize ? table[Int(value)] : Self.slowPath
      if entry < Self.slowPath {
        run.end(&output, &origins)
        output.append(scalar: entry)
        origins.fill(to: output.count, with: origin)
      } else if let scalar = Unicode.Scalar(value) {
        append(scalar, origin, to: &output, &origins, &run)
      }
      origin += 1
    }
    run.end(&output, &origins)
  }

  private func append(
    _ scalar: Unicode.Scalar, _ origin: Int32, to output: inout [UInt8],
    _ origins: inout [Int32], _ run: inout MarkRun
  ) {
    func emit(_ scalars: some Sequence<Unicode.Scalar>) {
      run.end(&output, &origins)
      for scalar in scalars { output.append(scalar: scalar.value) }
      origins.fill(to: output.count, with: origin)
    }
    if options.cleanText {
      if BertUnicode.isDroppedByCleaning(scalar) { return }
      if BertUnicode.isWhitespace(scalar) { return emit(" ".unicodeScalars) }
    }
    let standsAlone = options.handleChineseCharacters && BertUnicode.isChinese(scalar)
    if standsAlone { emit(" ".unicodeScalars) }
    if options.stripsAccents {
      var isInserted = false
      AccentStripping.base(of: scalar) { base in
        let isDropped = BertUnicode.isNonspacingMark(base)
        let combiningClass =
          isDropped ? CombiningMarks.sortedClass(base) : BertUnicode.combiningClass(base)
        if combiningClass != 0 {
          run.items.append(
            MarkRun.Item(
              combiningClass: combiningClass, origin: isInserted ? nil : origin,
              scalars: isDropped ? nil : lowercased(base)))
        } else if isDropped {
          run.end(&output, &origins)
        } else {
          emit(lowercased(base))
        }
        isInserted = true
      }
    } else {
      emit(lowercased(scalar))
    }
    if standsAlone { emit(" ".unicodeScalars) }
  }
}

/// A run of combining marks that has not ended yet.
private struct MarkRun {
  struct Item {
    var combiningClass: UInt8
    /// The index of the source scalar; `nil` for a scalar that decomposition inserted.
    var origin: Int32?
    /// The normalized scalars; `nil` if the mark is dropped.
    var scalars: String.UnicodeScalarView?
  }

  var items: [Item] = []

  mutating func end(_ output: inout [UInt8], _ origins: inout [Int32]) {
    if items.isEmpty { return }
    defer { items.removeAll(keepingCapacity: true) }
    guard items.contains(where: { $0.scalars != nil }) else { return }
    let before = origins.last ?? 0
    let sorted = items.enumerated().sorted {
      ($0.element.combiningClass, $0.offset) < ($1.element.combiningClass, $1.offset)
    }
    var free = items.lazy.compactMap(\.origin).makeIterator()
    var origin = before
    for (_, item) in sorted {
      if item.origin != nil { origin = free.next() ?? origin }
      guard let scalars = item.scalars else { continue }
      for scalar in scalars { output.append(scalar: scalar.value) }
      origins.fill(to: output.count, with: origin)
    }
  }
}

extension [Int32] {
  @inline(__always)
  fileprivate mutating func fill(to count: Int, with value: Int32) {
    while self.count < count { append(value) }
  }
}
