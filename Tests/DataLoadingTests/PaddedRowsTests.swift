import DataLoading
import Testing

@Suite struct PaddedRowsTests {
  private let rows: [[Int32]] = [[1, 2, 3], [], [4]]

  @Test(arguments: [
    (PaddedLength.longest, 1, 3), (.longest, 8, 8), (.longest, 3, 3), (.fixed(5), 1, 5),
    (.fixed(3), 4, 4),
  ])
  func rowsArePaddedAtTheEnd(length: PaddedLength, multiple: Int, columns: Int) throws {
    let padded = try PaddedRows<Int64>(rows, padding: 9, to: length, multipleOf: multiple)
    #expect(padded.shape == [3, columns])
    let expected = rows.map { row in
      row.map(Int64.init) + Array(repeating: 9, count: columns - row.count)
    }
    #expect(padded.values == Array(expected.joined()))
  }

  @Test func emptyBatchHasNoColumns() throws {
    let padded = try PaddedRows<Int32>([[Int32]](), padding: 0)
    #expect(padded.shape == [0, 0])
    #expect(padded.values.isEmpty)
  }

  @Test func invalidLengthsThrow() {
    let error = #expect(throws: DataLoadingError.self) {
      try PaddedRows<Int32>(rows, padding: 0, to: .fixed(2))
    }
    #expect(error?.message.contains("a row of length 3 exceeds the fixed length 2") == true)
    #expect(throws: DataLoadingError.self) {
      try PaddedRows<Int32>(rows, padding: 0, multipleOf: 0)
    }
  }
}
