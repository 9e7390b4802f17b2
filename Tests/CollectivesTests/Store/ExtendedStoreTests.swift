import Collectives
import Testing

/// The semantics of ``ExtendedStore``.
@Suite(.timeLimit(.minutes(5)))
struct ExtendedStoreTests {
  enum Kind: CaseIterable {
    case hash, tcp

    func make() throws -> any ExtendedStore {
      switch self {
      case .hash: HashStore()
      case .tcp: try TCPStore(host: "127.0.0.1", port: 0, isHost: true)
      }
    }
  }

  @Test(arguments: Kind.allCases)
  func appendingCreatesAndExtendsAValue(_ kind: Kind) throws {
    let store = try kind.make()
    try store.append("k", Array("ab".utf8))
    try store.append("k", Array("cd".utf8))
    #expect(try store.getString("k") == "abcd")
  }

  @Test(arguments: Kind.allCases)
  func manyKeysAreWrittenAndReadInOrder(_ kind: Kind) throws {
    let store = try kind.make()
    let pairs = (0..<300).map { (key: "key\($0)", value: Array("value\($0)".utf8)) }
    try store.multiSet(pairs)
    #expect(try store.multiGet(pairs.map(\.key)) == pairs.map(\.value))
    #expect(try store.multiGet([]).isEmpty)
  }

  @Test(arguments: Kind.allCases)
  func multiGetNamesTheMissingKeys(_ kind: Kind) throws {
    let store = try kind.make()
    try store.set("a", "1")
    let message = messageOfError {
      _ = try store.multiGet(["a", "b"], timeout: .milliseconds(20))
    }
    #expect(message.contains("\"b\"") && !message.contains("\"a\""))
  }
}
