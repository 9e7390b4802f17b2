import Elastic
import Testing

@Suite struct RendezvousConfigurationTests {
  @Test(
    arguments: [
      ("node0", "node0", nil), ("node0:29400", "node0", 29400), ("10.0.0.1:0", "10.0.0.1", 0),
      ("[fd00::1]:29400", "fd00::1", 29400), ("[fd00::1]", "fd00::1", nil), ("::1", "::1", nil),
    ] as [(String, String, Int?)])
  func anEndpointHasAHostAndAPort(text: String, host: String, port: Int?) throws {
    let endpoint = try Endpoint(text)
    #expect(endpoint == Endpoint(host: host, port: port))
    #expect(try Endpoint(endpoint.description) == endpoint)
  }

  @Test(arguments: [
    "", ":29400", "node0:", "node0:x", "node0:65536", "[::1", "[::1]29400", "a b:1",
    "http://node0:29400", "a:1,b:1", "a:1:2", "[node0]:1", "user@node0", "node0/x", "::1::",
  ])
  func otherTextsAreNotEndpoints(text: String) {
    #expect(throws: ElasticError.self) { try Endpoint(text) }
  }

  @Test(arguments: [("1", 1...1), ("4", 4...4), ("2:8", 2...8), ("3:3", 3...3)])
  func theNumberOfNodesIsANumberOrARange(text: String, nodes: ClosedRange<Int>) throws {
    #expect(try RendezvousConfiguration.nodes(text) == nodes)
  }

  @Test(arguments: ["", "0", "-1", "3:2", "1:2:3", "a", "1:", ":2", "99999999999999999999"])
  func otherTextsAreNotNumbersOfNodes(text: String) {
    #expect(throws: ElasticError.self) { try RendezvousConfiguration.nodes(text) }
  }

  @Test func settingsHaveTorchrunsDefaults() {
    let settings = RendezvousSettings()
    #expect(settings.joinTimeout == .seconds(600))
    #expect(settings.lastCallTimeout == .seconds(30))
    #expect(settings.closeTimeout == .seconds(30))
    #expect(settings.heartbeatTimeout == .seconds(5))
    #expect(settings.keepAliveInterval == .milliseconds(500), "torchrun: 5 s")
    #expect(settings.keepAliveMaxAttempt == 3)
    #expect(settings.isHost == nil)
    #expect(settings.storeType == .tcp)
    #expect(settings.readTimeout == .seconds(60))
    #expect(settings.timeout == .seconds(900))
    #expect(settings.rank == nil)
  }

  @Test func everyKeyOfTorchrunIsParsed() throws {
    let settings = try RendezvousSettings(
      """
      join_timeout=1,last_call_timeout=2.5,close_timeout=3, heartbeat_timeout = 4,\
      keep_alive_interval=5,keep_alive_max_attempt=6,is_host=True,store_type=file,read_timeout=7,\
      timeout=8,rank=9
      """)
    var expected = RendezvousSettings()
    expected.joinTimeout = .seconds(1)
    expected.lastCallTimeout = .seconds(2.5)
    expected.closeTimeout = .seconds(3)
    expected.heartbeatTimeout = .seconds(4)
    expected.keepAliveInterval = .seconds(5)
    expected.keepAliveMaxAttempt = 6
    expected.isHost = true
    expected.storeType = .file
    expected.readTimeout = .seconds(7)
    expected.timeout = .seconds(8)
    expected.rank = 9
    #expect(settings == expected)
  }

  @Test(arguments: [
    ("join_timeout", "KEY=VALUE"), ("timeout=1,rank", "rank has no value"),
    ("join_timeout=soon", "join_timeout: give a number of seconds"), ("timeout=0", "timeout"),
    ("is_host=maybe", "is_host: give true or false"), ("store_type=s3", "tcp or file"),
    ("keep_alive_max_attempt=0", "from 1"), ("rank=-1", "rank"),
  ])
  func invalidSettingsAreNamed(text: String, message: String) {
    #expect {
      try RendezvousSettings(text)
    } throws: {
      ($0 as? ElasticError)?.code == .usage && "\($0)".contains(message)
    }
  }

  @Test func inconsistentOptionsAreRejected() throws {
    var configuration = RendezvousConfiguration()
    try configuration.check()
    configuration.minNodes = 2
    configuration.maxNodes = 4
    #expect(throws: ElasticError.self, "no endpoint") { try configuration.check() }
    configuration.endpoint = Endpoint(host: "node0", port: 29500)
    #expect(throws: ElasticError.self, "a static number of nodes") { try configuration.check() }
    configuration.backend = .c10d
    try configuration.check()
    configuration.backend = .static
    configuration.minNodes = 4
    try configuration.check()
    configuration.nodeRank = 4
    #expect(throws: ElasticError.self, "no such rank") { try configuration.check() }
  }
}
