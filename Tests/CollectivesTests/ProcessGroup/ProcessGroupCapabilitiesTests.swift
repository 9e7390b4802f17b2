import Collectives
import Testing

@Suite struct ProcessGroupCapabilitiesTests {
  @Test func theDefaultIsABackendForHostMemory() {
    let capabilities = ProcessGroupCapabilities()
    #expect(capabilities.memory == .host && capabilities.matchesTags)
    #expect(!capabilities.detectsMismatches && !capabilities.detectsLostPeers)
    #expect(!capabilities.fusesAverage && !capabilities.sharesAllocations)
    #expect(capabilities.supports(.sum, of: .int16))
    #expect(!capabilities.supports(.average, of: .int16), "PyTorch does not define it")
  }

  @Test func wrappersDeriveTheirCapabilities() throws {
    let base = PlainGroup(LocalProcessGroup.make(worldSize: 1)[0])
    #expect(!base.capabilities.detectsMismatches)
    let checked = CheckedProcessGroup(base)
    #expect(checked.capabilities.detectsMismatches)
    #expect(RecordedProcessGroup(checked, FlightRecorder()).capabilities == checked.capabilities)
    #expect(RecordedProcessGroup(base, FlightRecorder()).capabilities == base.capabilities)
  }

  @Test func aHierarchicalGroupDetectsAndSharesLikeItsHost() throws {
    let results = onSharedRanks(2) { shared in
      let world = LocalProcessGroup.make(worldSize: 1)[0]
      let own = try #require(try shared.subgroup([shared.rank]))
      let group = try HierarchicalProcessGroup(world: world, local: own, leaders: world)
      return (shared.capabilities, group.capabilities)
    }
    let (host, group) = try results[0].get()
    #expect(host.detectsMismatches && host.fusesAverage)
    #expect(host.detectsLostPeers && group.detectsLostPeers)
    #expect(host.sharesAllocations && group.sharesAllocations)
    #expect(!group.detectsMismatches && !group.fusesAverage)
  }

  @Test func memoryOfAnotherDeviceIsInvalid() {
    let memory = CollectiveMemory<Float>([1])
    let buffer = CollectiveBuffer(
      address: memory.buffer.address, count: 1, elementType: .float32, owner: memory, gpu: 1)
    func error(_ memory: ProcessGroupCapabilities.Memory) -> String {
      failure {
        try Collective.allReduce(buffer, .sum).validate(rank: 0, worldSize: 1, memory: memory)
      }
    }
    #expect(error(.host).contains("memory of GPU 1, but the backend works on the host"))
    #expect(error(.gpu(0)).contains("memory of GPU 1, but the backend works on GPU 0"))
    #expect(error(.gpu(1)).isEmpty && error(.hostAndGPUs).isEmpty)
  }
}

/// A group with the default capabilities.
private final class PlainGroup: ProcessGroup {
  private let base: any ProcessGroup

  init(_ base: any ProcessGroup) { self.base = base }

  var rank: Int { base.rank }
  var worldSize: Int { base.worldSize }
  var timeout: Duration { base.timeout }
  var backend: String { base.backend }
  var store: any Store { base.store }

  func start(_ collective: Collective, at site: CallSite) throws(CollectiveError) -> any Work {
    try base.start(collective, at: site)
  }

  func abort(_ reason: String) { base.abort(reason) }

  func subgroup(_ ranks: [Int]) throws(CollectiveError) -> (any ProcessGroup)? {
    try base.subgroup(ranks)
  }
}
