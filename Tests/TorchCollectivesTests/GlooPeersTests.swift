import Testing
import TorchCollectives

@Suite struct GlooPeersTests {
  /// What torch 2.13's Gloo puts into the store: a socket address behind a header.
  private func stored(_ host: [UInt8], _ port: UInt16) -> [UInt8] {
    [2, 0, 0, 0, 0, 0, 0, 0, 0x76, 0x6d, 0x88, 0, 0, 0, 0, 0, 0, 0]
      + [2, 0, UInt8(port >> 8), UInt8(port & 255)] + host + Array(repeating: 0, count: 120)
  }

  private func message(_ address: String) -> String {
    "[/pytorch/third_party/gloo/gloo/transport/tcp/pair.cc:537] Read error \(address): Connection "
      + "reset by peer"
  }

  @Test func theAddressThatAPeerListensOnTellsWhoItIs() {
    let peers = GlooPeers((0..<4).map { stored([10, 0, 0, 1], 4000 + $0) }, rank: 0)
    #expect(peers.rank(in: message("[10.0.0.1]:4002")) == 2)
    #expect(peers.rank(in: message("[10.0.0.1]:51234")) == nil, "any of three may have opened it")
  }

  @Test func theOnlyRankOfAHostIsKnownByTheHost() {
    let peers = GlooPeers((0..<4).map { stored([10, 0, 0, UInt8($0) + 1], 4000) }, rank: 0)
    #expect(peers.rank(in: message("[10.0.0.4]:51234")) == 3)
    #expect(peers.rank(in: message("[10.0.0.9]:51234")) == nil)
    #expect(peers.rank(in: "timed out") == nil)
  }

  @Test func whereARankIsUnknownAHostDoesNotDecide() {
    let peers = GlooPeers([stored([10, 0, 0, 1], 1), stored([10, 0, 0, 2], 2), nil], rank: 0)
    #expect(peers.rank(in: message("[10.0.0.2]:51234")) == nil)
    #expect(peers.rank(in: message("[10.0.0.2]:2")) == 1)
  }

  @Test func ofTwoRanksItIsTheOther() {
    #expect(GlooPeers([nil, nil], rank: 1).rank(in: "Connection closed by peer") == 0)
  }
}
