import Collectives
import Testing

struct ConnectBackoffTests {
  @Test(arguments: 0..<10)
  func pausesDoubleUpToASecondAndAreRandomized(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var backoff = ConnectBackoff()
    let pauses = (0..<12).map { _ in backoff.next(&random) }
    for (index, pause) in pauses.enumerated() {
      let middle = min(Duration.milliseconds(10) * (1 << index), .seconds(1))
      #expect(pause >= middle * 0.5 && pause <= middle * 1.5)
    }
    #expect(Set(pauses).count == pauses.count)
  }
}
