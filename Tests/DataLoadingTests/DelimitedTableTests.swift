import DataLoading
import Testing

@Suite struct DelimitedTableTests {
  private func rows(_ text: String, _ format: DelimitedFormat = .csv) throws -> [[String]] {
    let file = try TemporaryFile(text)
    let table = try DelimitedTable(contentsOf: file.path, format: format)
    return [table.columns]
      + (0..<table.count).map { row in table.columns.indices.map { table[row][$0] } }
  }

  @Test(arguments: [
    ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
    ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
    ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
    ("a,b\r\n\"1\",\"2\"\r\n", [["a", "b"], ["1", "2"]]),
    ("a,b\n,\n", [["a", "b"], ["", ""]]),
    ("a,b\n1,\n", [["a", "b"], ["1", ""]]),
    ("a,b\n1,", [["a", "b"], ["1", ""]]),
    ("a,b\n\"x, \"\"y\"\"\nz\",\"\"\n", [["a", "b"], ["x, \"y\"\nz", ""]]),
    ("a,b\n\"\"\"\"\"\",\"\"\"x\"\n", [["a", "b"], ["\"\"", "\"x"]]),
    ("a,b\nx \"y\" z,2\n", [["a", "b"], ["x \"y\" z", "2"]]),
    ("a,b\n\n1,2\n\r\n3,4\n\n", [["a", "b"], ["1", "2"], ["3", "4"]]),
    ("a\nx\n\n\"\"\n", [["a"], ["x"], [""], [""]]),
    ("\u{FEFF}a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
    ("a,b\nx\u{85}y\u{2028}z\u{B},\rw\n", [["a", "b"], ["x\u{85}y\u{2028}z\u{B}", "\rw"]]),
    ("a,b\n", [["a", "b"]]),
    ("héllo,中\né,😀\n", [["héllo", "中"], ["é", "😀"]]),
  ])
  func parsingFollowsRFC4180(text: String, expected: [[String]]) throws {
    #expect(try rows(text) == expected)
  }

  @Test func quotesAreTextInTSV() throws {
    #expect(try rows("a\tb\n\"x\ty,\"\"\n", .tsv) == [["a", "b"], ["\"x", "y,\"\""]])
    let semicolons = DelimitedFormat(separator: ";", quotes: true)
    #expect(try rows("a;b\n\"x;y\";z,w\n", semicolons) == [["a", "b"], ["x;y", "z,w"]])
  }

  @Test(arguments: [
    ("a,b\n1,2\n\"x,3\n4,5\n", 3, "the quote that opens here is never closed"),
    ("a,b\n\"x\ny\",2\n1\n", 4, "the row has 1 field, but the first row has 2"),
    ("a,b\n1,2,3\n", 2, "the row has 3 fields, but the first row has 2"),
    ("a,b\n1,2\n\"x\"y,2\n", 3, "text follows the closing quote"),
  ])
  func rowErrorsNameFileAndLine(text: String, line: Int, message: String) throws {
    let file = try TemporaryFile(text)
    let error = #expect(throws: DataLoadingError.self) {
      try DelimitedTable(contentsOf: file.path)
    }
    #expect(error?.code == .malformedFile)
    #expect(error?.line == line)
    #expect(error?.message.hasPrefix("\(file.path):\(line): \(message)") == true)
  }

  @Test func invalidUTF8ErrorNamesTheLine() throws {
    let file = try TemporaryFile(Array("a,b\n1,2\nx".utf8) + [0xC3, 0x28] + Array(",3\n".utf8))
    let error = #expect(throws: DataLoadingError.self) {
      try DelimitedTable(contentsOf: file.path)
    }
    #expect(error?.line == 3)
    #expect(error?.message.contains("is not UTF-8") == true)
  }

  @Test(arguments: ["", "\n", "\u{FEFF}"])
  func fileWithoutAHeaderThrows(text: String) throws {
    let file = try TemporaryFile(text)
    #expect(throws: DataLoadingError.self) { try DelimitedTable(contentsOf: file.path) }
  }

  @Test(arguments: ["/nonexistent/reviews.csv", "/"])
  func unreadableFileErrorNamesThePath(path: String) {
    let error = #expect(throws: DataLoadingError.self) { try DelimitedTable(contentsOf: path) }
    #expect(error?.code == .fileUnreadable)
    #expect(error?.path == path)
  }

  @Test func missingColumnErrorListsTheColumns() throws {
    let file = try TemporaryFile("review,sentiment\nx,positive\n")
    let table = try DelimitedTable(contentsOf: file.path)
    let error = #expect(throws: DataLoadingError.self) { try table.texts(ofColumn: "text") }
    #expect(error?.code == .missingColumn)
    #expect(
      error?.message == "\(file.path):1: there is no column \"text\"; "
        + "the columns are \"review\", \"sentiment\"; "
        + "rename a column; the first row must name the columns")
  }

  @Test func labelsBecomeClassIndices() throws {
    let file = try TemporaryFile("t,y\na,pos\nb,neg\nc,pos\n")
    let table = try DelimitedTable(contentsOf: file.path)
    #expect(try table.labels(ofColumn: "y", using: LabelMap(["neg", "pos"])) == [1, 0, 1])
    #expect(try table.texts(ofColumn: "t") == ["a", "b", "c"])
  }

  @Test func unknownLabelErrorNamesFileAndLine() throws {
    let file = try TemporaryFile("t,y\n\"a\nb\",pos\nb,meh\n")
    let table = try DelimitedTable(contentsOf: file.path)
    let map = try LabelMap(["neg", "pos"])
    let error = #expect(throws: DataLoadingError.self) {
      try table.labels(ofColumn: "y", using: map)
    }
    #expect(error?.code == .unknownLabel)
    #expect(
      error?.message
        == "\(file.path):4: the label \"meh\" in column \"y\" is none of \"neg\", \"pos\"; "
        + "correct it or add it to the classes")
  }

  @Test(arguments: [[], ["a", "b", "a"]])
  func emptyOrDuplicateLabelsThrow(names: [String]) {
    #expect(throws: DataLoadingError.self) { try LabelMap(names) }
  }

  @Test func tableCanBeMappedAndReadIntoMemory() throws {
    let file = try TemporaryFile("t,y\na,1\nb,x\n")
    let table = try DelimitedTable(contentsOf: file.path)
    let lengths = table.mapped { row in row[0] + row[1] }
    #expect(try lengths.inMemory()[1] == "bx")
    struct Bad: Error {}
    let failing = table.mapped { row in if row[1] == "x" { throw Bad() } else { row[0] } }
    #expect(try failing[0] == "a")
    #expect(throws: Bad.self) { try failing.inMemory() }
  }

  @Test(arguments: [
    // Line ends of Mac OS 9, with and without quotes, and with line feeds inside cells.
    ("text,label\ra,1\rb,0\r", 1, "lines end with carriage returns"),
    ("\"text\",\"label\"\r\"a\",1\r", 1, "lines end with carriage returns"),
    ("text,label\r\"a\nb\",1\rc,0\r", 1, "lines end with carriage returns"),
    ("text,label\r", 1, "lines end with carriage returns"),
    ("text,label\r\r\na,1\r\r\n", 1, "lines end with two carriage returns"),
    // Other separators.
    (
      "text;label\n\"a\";1\n", 2, "a semicolon follows a quoted field, but the separator is a comma"
    ),
    ("\"text\"\t\"label\"\na\t1\n", 1, "a tab follows a quoted field"),
    ("text;label\na, b;1\n", 1, "the fields are separated by a semicolon, not by a comma"),
    ("text|label\na, b, c|1\n", 1, "the fields are separated by a vertical bar"),
    // Quotes.
    ("text,label\n\"a \\\"b\\\" c\",1\n", 2, "escaped with backslashes"),
    ("text,label\n\"\\\"b\",1\n", 2, "escaped with backslashes"),
    ("label,text\n0, \"a\"\n", 2, "a space precedes the opening quote of a field"),
    ("label,text\n0,\t\"a\"\n", 2, "a space precedes the opening quote of a field"),
    ("label,text\n0,   \"a, b\"\n", 2, "a space precedes the opening quote of a field"),
    ("text,label\n\"a,1\nb,0\n", 2, "close it, or write a quote inside a field as two quotes"),
  ])
  func foreignFormatErrorNamesTheFormat(text: String, line: Int, message: String) throws {
    let file = try TemporaryFile(text)
    let error = #expect(throws: DataLoadingError.self) {
      try DelimitedTable(contentsOf: file.path)
    }
    #expect(error?.code == .malformedFile)
    #expect(error?.line == line)
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
  }

  @Test(arguments: [
    ("text;label\na;1\n", "the fields are separated by a semicolon, not by a comma; convert"),
    ("text\tlabel\na\t1\n", "the fields are separated by a tab"),
    ("Text,label\na,1\n", "rename \"Text\"; upper and lower case differ"),
    ("label, text\n1,a\n", "remove the spaces around \" text\""),
    ("sep=,\ntext,label\n", "remove the first line, which is for spreadsheets"),
    ("the film was good,1\na,0\n", "the first row must name the columns"),
  ])
  func missingColumnErrorNamesTheRemedy(text: String, message: String) throws {
    let file = try TemporaryFile(text)
    let table = try DelimitedTable(contentsOf: file.path)
    let error = #expect(throws: DataLoadingError.self) { try table.index(ofColumn: "text") }
    #expect(error?.code == .missingColumn)
    #expect(error?.column == "text")
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
  }

  @Test func columnNameThatOccursTwiceIsAmbiguous() throws {
    let file = try TemporaryFile("text,label,text\na,1,b\n")
    let table = try DelimitedTable(contentsOf: file.path)
    #expect(try table.index(ofColumn: "label") == 1)
    let error = #expect(throws: DataLoadingError.self) { try table.index(ofColumn: "text") }
    #expect(error?.code == .ambiguous)
  }

  @Test(
    arguments: [
      ([0xFF, 0xFE] + Array("t\0e\0x\0t\0,\0l\0\n\0".utf8), "the file is UTF-16"),
      ([0xFE, 0xFF] + Array("\0t\0e".utf8), "the file is UTF-16"),
      (Array("t\0e\0x\0t\0".utf8), "the file is UTF-16LE"),
      (Array("\0t\0e\0x".utf8), "the file is UTF-16BE"),
      ([0xFF, 0xFE, 0, 0, 0x74, 0, 0, 0], "the file is UTF-32"),
      ([0x1F, 0x8B, 0x08, 0], "compressed with gzip"),
      (Array("PK\u{3}\u{4}".utf8), "a zip archive"),
      (Array("<html>".utf8), "an HTML page"), (Array("PAR1\u{15}".utf8), "a Parquet file"),
      (Array("text,label\ncaf".utf8) + [0xE9] + Array(",1\n".utf8), "iconv -f WINDOWS-1252"),
    ] as [([UInt8], String)])
  func otherEncodingsAreNamed(bytes: [UInt8], message: String) throws {
    let file = try TemporaryFile(bytes)
    let error = #expect(throws: DataLoadingError.self) {
      try DelimitedTable(contentsOf: file.path)
    }
    #expect(error?.line != nil)
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
  }
}
