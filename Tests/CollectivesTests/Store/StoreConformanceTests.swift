import Collectives
import Testing

/// The semantics of ``Store``, checked on every implementation.
@Suite(.timeLimit(.minutes(5)))
struct StoreConformanceTests {
  @Test(arguments: StoreKind.allCases)
  func aValueIsReturnedUnchanged(_ kind: StoreKind) throws {
    let stores = try kind.make(participants: 2)
    let values: [[UInt8]] = [[], [0], Array(0...255), [UInt8](repeating: 7, count: 100_000)]
    for (index, value) in values.enumerated() {
      try stores[0].set("key\(index)", value)
      #expect(try stores[1].get("key\(index)") == value)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func theLastSetWins(_ kind: StoreKind) throws {
    let store = try kind.make()[0]
    try store.set("k", "first")
    try store.set("k", "second")
    #expect(try store.getString("k") == "second")
  }

  @Test(arguments: StoreKind.allCases)
  func keysMayBeAnyText(_ kind: StoreKind) throws {
    let store = try kind.make()[0]
    for key in ["", "/", "a/b", "-k", "ключ 🗝", "cleanup/", "line\nbreak\0"] {
      try store.set(key, "value of \(key)")
    }
    for key in ["", "/", "a/b", "-k", "ключ 🗝", "cleanup/", "line\nbreak\0"] {
      #expect(try store.getString(key) == "value of \(key)")
    }
  }

  @Test(arguments: StoreKind.allCases)
  func getWaitsUntilTheKeyIsSet(_ kind: StoreKind) throws {
    let stores = try kind.make(participants: 2)
    let call = ThreadCall { try stores[1].getString("late") }
    #expect(!call.hasReturned)
    try stores[0].set("late", "here")
    #expect(try call.value() == "here")
  }

  @Test(arguments: StoreKind.allCases)
  func waitEndsWhenTheLastKeyIsSet(_ kind: StoreKind) throws {
    let stores = try kind.make(participants: 2)
    try stores[0].set("a", "1")
    let call = ThreadCall { try stores[1].wait(["a", "b", "c", "b"]) }
    try stores[0].set("b", "2")
    _ = try stores[0].add("c", 1)
    try call.value()
    #expect(try stores[0].check(["a", "b", "c"]))
  }

  @Test(arguments: StoreKind.allCases)
  func waitingForNoKeysReturnsAtOnce(_ kind: StoreKind) throws {
    let store = try kind.make()[0]
    try store.wait([])
    #expect(try store.check([]))
  }

  @Test(arguments: StoreKind.allCases)
  func aTimeoutNamesTheMissingKeysAndTheStoreRemainsUsable(_ kind: StoreKind) throws {
    let store = try kind.make()[0]
    try store.set("there", "1")
    let message = messageOfError {
      try store.wait(["there", "rank3", "rank7"], timeout: .milliseconds(30))
    }
    #expect(message.contains("rank3") && message.contains("rank7"))
    #expect(!message.contains("\"there\"") && message.contains("2 of 3"))
    #expect(codeOfError { _ = try store.get("rank3", timeout: .milliseconds(5)) } == .timedOut)
    #expect(try store.getString("there") == "1")
    #expect(try store.add("n", 2) == 2)
  }

  @Test(arguments: StoreKind.allCases)
  func aTimeoutOfZeroDoesNotWait(_ kind: StoreKind) throws {
    let store = try kind.make()[0]
    #expect(codeOfError { try store.wait(["k"], timeout: .zero) } == .timedOut)
    try store.set("k", "v")
    #expect(try store.get("k", timeout: .zero) == Array("v".utf8))
    try store.wait(["k"], timeout: .zero)
  }

  @Test(arguments: StoreKind.allCases)
  func addStartsAtZeroAndStoresText(_ kind: StoreKind) throws {
    let stores = try kind.make(participants: 2)
    #expect(try stores[0].add("n", 5) == 5)
    #expect(try stores[1].add("n", -7) == -2)
    #expect(try stores[0].getString("n") == "-2")
    try stores[0].set("m", "40")
    try stores[1].wait(["m"])
    #expect(try stores[1].add("m", 2) == 42)
  }

  @Test(arguments: StoreKind.allCases)
  func concurrentAddsAllCount(_ kind: StoreKind) throws {
    let stores = try kind.make(participants: 4)
    let sums = try onThreads(4) { index in
      try (0..<50).map { _ in try stores[index].add("n", 1) }
    }
    #expect(Set(sums.joined()) == Set(1...200))
  }

  @Test(arguments: StoreKind.allCases, ["text", "", "9223372036854775807"])
  func addToANonIntegerIsAnError(_ kind: StoreKind, _ value: String) throws {
    let stores = try kind.make(participants: 2)
    try stores[0].set("k", value)
    try stores[1].wait(["k"])
    #expect(codeOfError { _ = try stores[1].add("k", 1) } != nil)
    #expect(try stores[0].getString("k") == value)
  }

  @Test(arguments: StoreKind.allCases)
  func compareSetFollowsPyTorch(_ kind: StoreKind) throws {
    let store = try kind.make()[0]
    #expect(try store.compareSet("k", expected: "other", desired: "new") == "other")
    #expect(try !store.check(["k"]))
    #expect(try store.compareSet("k", expected: "", desired: "one") == "one")
    #expect(try store.compareSet("k", expected: "", desired: "two") == "one")
    #expect(try store.compareSet("k", expected: "one", desired: "two") == "two")
    #expect(try store.getString("k") == "two")
  }

  @Test(arguments: StoreKind.allCases)
  func oneCallerWinsACompareSet(_ kind: StoreKind) throws {
    let stores = try kind.make(participants: 4)
    let answers = try onThreads(4) { index in
      try stores[index].compareSet("leader", expected: "", desired: "rank\(index)")
    }
    let leader = try stores[0].getString("leader")
    #expect(answers.allSatisfy { $0 == leader })
  }

  @Test(arguments: StoreKind.allCases)
  func aDeletedKeyDoesNotExistUntilItIsSet(_ kind: StoreKind) throws {
    let stores = try kind.make(participants: 2)
    try stores[0].set("k", "1")
    try stores[1].wait(["k"])
    #expect(try stores[1].deleteKey("k"))
    #expect(try !stores[0].deleteKey("k"))
    #expect(try !stores[0].check(["k"]))
    #expect(codeOfError { _ = try stores[0].get("k", timeout: .milliseconds(5)) } == .timedOut)
    try stores[1].set("k", "2")
    #expect(try stores[0].getString("k") == "2")
  }

  @Test(arguments: StoreKind.allCases)
  func theKeyCountFollowsSetAndDelete(_ kind: StoreKind) throws {
    let store = try kind.make()[0]
    #expect(try store.keyCount() == 0)
    for index in 0..<10 { try store.set("key\(index)", "v") }
    #expect(try store.keyCount() == 10)
    _ = try store.deleteKey("key3")
    try store.set("key4", "w")
    #expect(try store.keyCount() == 9)
  }

  @Test(arguments: StoreKind.allCases)
  func aNonTextValueIsAnErrorOfGetStringOnly(_ kind: StoreKind) throws {
    let store = try kind.make()[0]
    try store.set("k", [0xFF, 0xFE])
    #expect(codeOfError { _ = try store.getString("k") } == .invalidArgument)
    #expect(try store.get("k") == [0xFF, 0xFE])
  }
}
