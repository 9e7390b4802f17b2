import Elastic
import Foundation
import Testing

/// The JSON keys of the messages between nodes, which are older than the names in the code.
@Suite struct MessageFormatTests {
  static let address = NodeAddress(host: "10.0.0.1", port: 7)
  static let precedence = HostPrecedence(isRunning: true, term: 2, rank: 1)

  func json(_ message: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(message), as: UTF8.self)
  }

  @Test(arguments: [
    (NodeMessage.heartbeat, #"{"beat":{}}"#),
    (.storeStarted(round: 3, port: 7), #"{"hosting":{"port":7,"round":3}}"#),
    (.stopRequested(round: 3), #"{"stopRequested":{"round":3}}"#),
    (.aborted(message: "m", exitCode: 127), #"{"gaveUp":{"exitCode":127,"message":"m"}}"#),
    (
      .announcement(address, precedence),
      #"{"claim":{"_0":{"address":"10.0.0.1","port":7},"#
        + #""_1":{"isRunning":true,"rank":1,"term":2}}}"#
    ),
  ])
  func messagesOfNodesKeepTheirKeys(message: NodeMessage, text: String) throws {
    #expect(try json(message) == text)
    #expect(try JSONDecoder().decode(NodeMessage.self, from: Data(text.utf8)) == message)
  }

  @Test(arguments: [
    (HostMessage.heartbeat, #"{"beat":{}}"#),
    (.startStore(round: 3), #"{"host":{"round":3}}"#),
    (.stopRequested(round: 3), #"{"stopRequested":{"round":3}}"#),
    (.redirect(address), #"{"redirect":{"_0":{"address":"10.0.0.1","port":7}}}"#),
    (
      .otherHost(address, precedence),
      #"{"counterclaim":{"_0":{"address":"10.0.0.1","port":7},"#
        + #""_1":{"isRunning":true,"rank":1,"term":2}}}"#
    ),
  ])
  func messagesOfHostsKeepTheirKeys(message: HostMessage, text: String) throws {
    #expect(try json(message) == text)
    #expect(try JSONDecoder().decode(HostMessage.self, from: Data(text.utf8)) == message)
  }

  @Test func aHelloKeepsItsKeys() throws {
    var hello = NodeHello(
      job: "j", minNodes: 1, maxNodes: 2, maxRestarts: 3, identity: "i", hostName: "h", pid: 4,
      address: Self.address, workerCount: 5, role: "r")
    hello.version = "1"
    hello.lastRound = NodeHello.LastRound(term: 1, round: 2, groupRank: 0)
    #expect(
      try json(hello)
        == #"{"hostName":"h","identity":"i","job":"j","maxNodes":2,"maxRestarts":3,"minNodes":1,"#
        + #""pid":4,"place":{"address":"10.0.0.1","port":7},"role":"r","#
        + #""standing":{"groupRank":0,"restarts":0,"round":2,"term":1},"version":"1","#
        + #""workerCount":5}"#)
  }

  @Test func aHostsRecordKeepsItsKeys() throws {
    let record = HostRecord(identity: "i", hostName: "h", address: Self.address)
    #expect(
      String(decoding: record.bytes, as: UTF8.self)
        == #"{"hostName":"h","identity":"i","place":{"address":"10.0.0.1","port":7},"#
        + #""version":"\#(LockstepVersion.current)"}"#)
  }
}
