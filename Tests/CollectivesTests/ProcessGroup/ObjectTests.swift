import Collectives
import Testing

@Suite struct ObjectTests {
  private struct Note: Codable, Equatable, Sendable {
    var text: String
    var numbers: [Double] = []
  }

  @Test func theRootsObjectIsBroadcast() throws {
    let note = Note(text: "grüße", numbers: [1.5, .infinity])
    let notes = try LocalProcessGroup.run(worldSize: 3) { group in
      try group.broadcastObject(group.rank == 1 ? note : nil, from: 1)
    }
    #expect(notes == Array(repeating: note, count: 3))
  }

  @Test func objectsOfDifferentSizesAreGathered() throws {
    let lists = try LocalProcessGroup.run(worldSize: 3) { group in
      let text = String(repeating: "x", count: group.rank)
      return try [group.allGatherObjects(text), group.gatherObjects(text, to: 2)]
    }
    let all = ["", "x", "xx"]
    #expect(lists == [[all, []], [all, []], [all, all]])
  }

  @Test func objectsAreScattered() throws {
    let values = try LocalProcessGroup.run(worldSize: 3) { group in
      try group.scatterObject(group.rank == 0 ? ["a", "bb", "ccc"] : nil)
    }
    #expect(values == ["a", "bb", "ccc"])
  }

  @Test func objectsAreSent() throws {
    let received = try LocalProcessGroup.run(worldSize: 2) { group in
      if group.rank == 0 {
        try group.sendObject(Note(text: "hello"), to: 1, tag: 7)
        return Note(text: "")
      }
      return try group.receiveObject(Note.self, from: 0, tag: 7)
    }
    #expect(received[1] == Note(text: "hello"))
  }

  @Test func allRanksAreNotifiedOfAMissingValue() throws {
    let failures = try LocalProcessGroup.run(worldSize: 2) { group in
      failure { _ = try group.scatterObject(group.rank == 0 ? ["only one"] : nil) }
    }
    #expect(failures[0].hasPrefix("invalidArgument"))
    #expect(failures[1].contains("rank 0 could not encode its String"))
  }

  @Test func anObjectOfAnotherTypeIsAMismatch() throws {
    let failures = try LocalProcessGroup.run(worldSize: 2) { group in
      failure {
        if group.rank == 0 {
          _ = try group.broadcastObject("text")
        } else {
          _ = try group.broadcastObject(Int?.none)
        }
      }
    }
    #expect(failures[0].isEmpty)
    #expect(
      failures[1].hasPrefix("mismatch")
        && failures[1].contains("cannot decode the value of rank 0 as Int"))
  }
}
