import Testing
import TorchCollectives

@Suite struct GlooPeersTests {
  /// The value that Gloo of torch 2.13 stores: a header and a socket address.
  private func stored(_ host: [UInt8], _ port: UInt16) -> [UInt8] {
    [2, 0, 0, 0, 0, 0, 0, 0, 0x76, 0x6d, 0x88, 0, 0, 0, 0, 0, 0, 0]
      + [2, 0, UInt8(port >> 8), UInt8(port & 255)] + host + Array(repeating: 0, count: 120)
  }

  private func message(_ address: String) -> String {
    "[/pytorch/third_party/gloo/gloo/transport/tcp/pair.cc:537] Read error \(address): Connection "
      + "reset by peer"
  }

  @Test func theListeningAddressIdentifiesThePeer() {
    let peers = GlooPeers((0..<4).map { stored([10, 0, 0, 1], 4000 + $0) }, rank: 0)
    #expect(peers.rank(in: message("[10.0.0.1]:4002")) == 2)
    #expect(
      peers.rank(in: message("[10.0.0.1]:51234")) == nil, "any of three ranks may have opened it")
  }

  @Test func theHostIdentifiesItsOnlyRank() {
    let peers = GlooPeers((0..<4).map { stored([10, 0, 0, UInt8($0) + 1], 4000) }, rank: 0)
    #expect(peers.rank(in: message("[10.0.0.4]:51234")) == 3)
    #expect(peers.rank(in: message("[10.0.0.9]:51234")) == nil)
    #expect(peers.rank(in: "timed out") == nil)
  }

  @Test func theHostIsAmbiguousIfAnAddressIsUnknown() {
    let peers = GlooPeers([stored([10, 0, 0, 1], 1), stored([10, 0, 0, 2], 2), nil], rank: 0)
    #expect(peers.rank(in: message("[10.0.0.2]:51234")) == nil)
    #expect(peers.rank(in: message("[10.0.0.2]:2")) == 1)
  }

  @Test func theOnlyPeerIsIdentified() {
    #expect(GlooPeers([nil, nil], rank: 1).rank(in: "Connection closed by peer") == 0)
  }
}
