import Collectives
import Testing

@Suite struct CollectiveValidationTests {
  private static let three = CollectiveMemory<Float>([1, 2, 3]).buffer
  private static let six = CollectiveMemory<Float>([1, 2, 3, 4, 5, 6]).buffer
  private static let words = CollectiveMemory<Int32>([1, 2, 3]).buffer

  @Test(arguments: [
    (Collective.allReduce(words, .average), "average of int32"),
    (.allReduce(three, .bitwiseXor), "float32 has no bitwiseXor"),
    (.broadcast(three, root: 2), "no rank 2"),
    (.allGather(three, into: three), "make 6, not 3"),
    (.allGather(words, into: six), "do not go together"),
    (.reduceScatter(three, into: three, .sum), "make 6, not 3"),
    (.allGatherUneven(three, into: [three]), "an output for each of 2"),
    (.allGatherUneven(three, into: [six, six]), "output 0 takes 6"),
    (.allToAll([three], into: [three, three]), "not 1 and 2"),
    (.allToAll([three, words], into: [three, three]), "both float32 and int32"),
    (.gather(three, into: nil, root: 0), "has to take an output"),
    (.gather(three, into: six, root: 1), "only the root"),
    (.scatter(nil, into: three, root: 0), "has to give an input"),
    (.scatter(six, into: three, root: 1), "only the root"),
    (.exchange([.send(three, to: 0, tag: 0)]), "no peer of rank 0"),
    (.exchange([.send(three, to: 1, tag: -1)]), "tag -1"),
  ])
  func mistakesAreNamed(collective: Collective, words: String) {
    #expect { try collective.validate(rank: 0, worldSize: 2) } throws: { error in
      (error as? CollectiveError)?.code == .invalidArgument && "\(error)".contains(words)
    }
  }

  @Test func whatFitsIsTaken() throws {
    for collective: Collective in [
      .barrier, .allReduce(Self.three, .average), .allGather(Self.three, into: Self.six),
      .gather(Self.three, into: nil, root: 1), .scatter(Self.six, into: Self.three, root: 0),
      .exchange([]), .allToAll([Self.six, Self.three], into: [Self.six, Self.three]),
    ] {
      try collective.validate(rank: 0, worldSize: 2)
    }
  }
}
