import DataLoading
import Foundation
import Testing

/// Damaged files; `TablePeerTests` compares the rows of intact ones with Python.
@Suite struct ColumnTableTests {
  @Test func invalidFilesThrow() throws {
    for bytes in [[], [0xFF], Array("ARROW1\0\0".utf8), Array(repeating: 0xFF, count: 64)]
      as [[UInt8]]
    {
      let file = try TemporaryFile(bytes)
      let path = file.path
      let arrow = #expect(throws: DataLoadingError.self) { try ColumnTable(arrowFiles: [path]) }
      let parquet = #expect(throws: DataLoadingError.self) { try ColumnTable(parquetFiles: [path]) }
      #expect(arrow?.path == path)
      #expect(parquet?.path == path)
    }
    #expect(throws: DataLoadingError.self) { try ColumnTable(arrowFiles: ["/nonexistent"]) }
    #expect(throws: DataLoadingError.self) { try ColumnTable(arrowFiles: []) }
    #expect(throws: DataLoadingError.self) { try ColumnTable(datasetAt: "/nonexistent") }
  }
}
