import DataLoading
import Support
import Testing

/// Mistakes in arguments, which would otherwise stop the process on a loader's thread.
@Suite struct ArgumentMistakeTests {
  private struct Fixed: Sampler {
    let values: [Int]
    var count: Int { values.count }
    func indices() -> [Int] { values }
  }

  @Test(arguments: [
    ([0, 1, 3], 3), ([-1], -1), ([2, 0, 99, 1], 99), ([Int.max], .max), ([0, 1, 2, 2, 4], 4),
  ])
  func indexOutsideOfTheDataSetIsNamed(indices: [Int], wrong: Int) throws {
    for workers in [0, 1, 2] {
      let loader = try DataLoader(
        InMemoryDataset(["a", "b", "c"]),
        batches: BatchSampler(Fixed(values: indices), batchSize: 2), workers: workers
      ) { $0 }
      let error = #expect(throws: DataLoadingError.self) { try loader.batches() }
      #expect(error?.code == .invalidArgument)
      #expect(error?.message.contains("\(wrong)") == true)
      #expect(error?.message.contains("3 samples") == true)
    }
  }

  @Test(arguments: [-1, -2, .min]) func negativeStartThrows(first: Int) throws {
    let loader = try DataLoader(
      InMemoryDataset([1]), batches: BatchSampler(SequentialSampler(count: 1), batchSize: 1)
    ) { $0 }
    let error = #expect(throws: DataLoadingError.self) { try loader.batches(from: first) }
    #expect(error?.code == .invalidArgument)
  }

  @Test(arguments: [[300], [-129], [1, 2, 128], [Int.max], [Int.min, 0]])
  func elementThatDoesNotFitIsNamed(row: [Int]) {
    let error = #expect(throws: DataLoadingError.self) {
      try PaddedRows<Int8>([[0], row], padding: 0)
    }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message.contains("Int8") == true)
    let wrong = row.first { Int8(exactly: $0) == nil }
    #expect(error?.message.contains("\(wrong ?? 0)") == true)
  }

  @Test func paddingThatDoesNotFitIsNamed() {
    let error = #expect(throws: DataLoadingError.self) {
      try PaddedRows<UInt8>([[1], [2, 3]], padding: -1)
    }
    #expect(error?.message.contains("-1") == true)
  }

  @Test(arguments: [-1, 2, 3, .max, .min]) func indexOfAThrowingDataSetIsNamed(index: Int) throws {
    let file = try TemporaryFile("{\"a\": 1}\n{\"a\": 2}\n")
    let lines = try JSONLines(of: [String: Int].self, contentsOf: file.path)
    let error = #expect(throws: DataLoadingError.self) { try lines[index] }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message.contains("\(index)") == true)
    #expect(error?.message.contains("2 samples") == true)
  }

  // A precondition prints its text and the caller's line in release builds too.

  @Test func negativeCountOfASamplerNamesTheCaller() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = RandomSampler(count: -3)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("cannot have -3 samples"))
    #expect(text.contains("ArgumentMistakeTests.swift"))
  }

  @Test func indexOutsideOfAnArrayIsNamed() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = InMemoryDataset([1, 2])[2]
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("sample 2 is out of range: the data set has 2 samples"))
  }

  @Test(arguments: ["\n", "\r", "\r\n", "\"", "é", "，"] as [Character])
  func separatorOfATableNamesTheCaller(separator: Character) async {
    let name = String(separator)
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      [name = name as String] in
      _ = DelimitedFormat(separator: Character(name), quotes: true)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("must be an ASCII character"))
    #expect(text.contains("ArgumentMistakeTests.swift"))
  }

  @Test func negativePermutationNamesTheCaller() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = randomPermutation(-1, seed: 0)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("cannot permute -1 elements"))
    #expect(text.contains("ArgumentMistakeTests.swift"))
  }
}
