import Collectives
import Testing

@Suite struct CollectiveValidationTests {
  private static let three = CollectiveMemory<Float>([1, 2, 3]).buffer
  private static let six = CollectiveMemory<Float>([1, 2, 3, 4, 5, 6]).buffer
  private static let words = CollectiveMemory<Int32>([1, 2, 3]).buffer

  @Test(arguments: [
    (Collective.allReduce(words, .average), "average of int32"),
    (.allReduce(three, .bitwiseXor), "float32 does not support bitwiseXor"),
    (.broadcast(three, root: 2), "the root is rank 2"),
    (.allGather(three, into: three), "need 6, not 3"),
    (.allGather(words, into: six), "one buffer is int32, the other float32"),
    (.reduceScatter(three, into: three, .sum), "need 6, not 3"),
    (.allGatherUneven(three, into: [three]), "1 outputs for 2 ranks"),
    (.allGatherUneven(three, into: [six, six]), "output 0, this rank's own, has 6"),
    (.allToAll([three], into: [three, three]), "1 inputs and 2 outputs"),
    (.allToAll([three, words], into: [three, three]), "buffers are float32 and int32"),
    (.gather(three, into: nil, root: 0), "has to pass an output"),
    (.gather(three, into: six, root: 1), "only the root"),
    (.scatter(nil, into: three, root: 0), "has to pass an input"),
    (.scatter(six, into: three, root: 1), "only the root"),
    (.exchange([.send(three, to: 0, tag: 0)]), "rank 0 is not another rank"),
    (.exchange([.send(three, to: 1, tag: -1)]), "tag -1"),
  ])
  func invalidArgumentsAreReported(collective: Collective, words: String) {
    #expect { try collective.validate(rank: 0, worldSize: 2) } throws: { error in
      (error as? CollectiveError)?.code == .invalidArgument && "\(error)".contains(words)
    }
  }

  @Test func validArgumentsAreAccepted() throws {
    for collective: Collective in [
      .barrier, .allReduce(Self.three, .average), .allGather(Self.three, into: Self.six),
      .gather(Self.three, into: nil, root: 1), .scatter(Self.six, into: Self.three, root: 0),
      .exchange([]), .allToAll([Self.six, Self.three], into: [Self.six, Self.three]),
    ] {
      try collective.validate(rank: 0, worldSize: 2)
    }
  }
}
