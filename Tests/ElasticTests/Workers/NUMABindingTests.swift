import Elastic
import Foundation
import ProcessHarness
import Testing

@Suite struct NUMABindingTests {
  /// A machine with two sockets of two nodes; each node has two caches and four two-way SMT cores.
  static let machine = (0..<32).map { number in
    let core = number % 16
    return Processor(
      number: number, node: core / 4, socket: core / 8, core: core, cache: core / 2 * 2)
  }

  @Test(
    arguments: [
      (.node, [0, 2], [[0, 1, 2, 3, 16, 17, 18, 19], [8, 9, 10, 11, 24, 25, 26, 27]]),
      (.socket, [1], [Array(0...7) + Array(16...23)]),
      (
        .exclusive, [0, 0, 3],
        [[0, 1, 16, 17], [2, 3, 18, 19], [12, 13, 14, 15, 28, 29, 30, 31]]
      ),
      (.exclusive, [0, 0, 0, 0, 0], [[], [0, 16], [1, 17], [2, 18], [3, 19]]),
      (.coreComplex, [0, 0, 0], [[0, 1, 16, 17], [2, 3, 18, 19], [0, 1, 16, 17]]),
      (.node, [7], [[]]),
    ] as [(NUMABinding, [Int], [[Int]])])
  func workersGetTheProcessorsOfTheirNode(
    binding: NUMABinding, nodes: [Int], processors: [[Int]]
  ) {
    #expect(binding.processors(workerNodes: nodes, of: Self.machine) == processors)
  }

  @Test func workersWithoutGPUsAreDistributedOverTheNodes() {
    #expect(NUMABinding.distribute(workers: 4, over: Self.machine) == [0, 1, 2, 3])
    #expect(NUMABinding.distribute(workers: 2, over: Self.machine) == [0, 2])
    #expect(NUMABinding.distribute(workers: 5, over: Self.machine) == [0, 0, 1, 2, 3])
  }

  @Test func kernelListsAreParsed() {
    #expect(Processor.numbers("0-3,8,10-11") == [0, 1, 2, 3, 8, 10, 11])
    #expect(Processor.numbers("") == [])
    #expect(Processor.numbers("3-1,x") == [])
  }

  @Test func theTopologyOfAMachineIsRead() throws {
    let system = try TestFolder()
    try system.create("cpu/online", "0-1\n")
    try system.create("node/node0/cpulist", "0\n")
    try system.create("node/node1/cpulist", "1\n")
    for number in 0...1 {
      try system.create("cpu/cpu\(number)/topology/physical_package_id", "\(number)\n")
      try system.create("cpu/cpu\(number)/topology/thread_siblings_list", "\(number)\n")
      try system.create("cpu/cpu\(number)/cache/index2/shared_cpu_list", "\(number)\n")
      try system.create("cpu/cpu\(number)/cache/index3/shared_cpu_list", "0-1\n")
    }
    let usable = Processor.usable().map(\.number)
    #expect(
      Processor.usable(root: system.path)
        == [
          Processor(number: 0, node: 0, socket: 0, core: 0, cache: 0),
          Processor(number: 1, node: 1, socket: 1, core: 1, cache: 0),
        ].filter { usable.contains($0.number) })
  }

  @Test func theNUMANodeOfAGPUIsRead() throws {
    let system = try TestFolder()
    try system.create("drivers/0000:4A:00.0/information", "Model: X\nDevice Minor: \t 3\n")
    try system.create("devices/0000:4a:00.0/numa_node", "1\n")
    let nodes = Processor.nodesOfGPUs(
      drivers: system.file("drivers"), devices: system.file("devices"))
    #expect(nodes == [3: 1])
  }

  @Test(.enabled(if: Processor.usable().count > 1, "needs two processors"))
  func boundWorkersRunOnDisjointProcessors() async throws {
    let result = try await Launcher.run(
      "--nproc-per-node", "2", "--numa-binding", "exclusive", "sh", "-c",
      "grep Cpus_allowed_list /proc/self/status")
    guard Set(Processor.usable().map(\.core)).count > 1 else {
      #expect(result.errors.contains("no processor is left for local rank 0"))
      return
    }
    let lists = result.output.split(separator: "\n").map {
      Set(Processor.numbers($0.split(separator: "\t").last ?? ""))
    }
    #expect(lists.count == 2)
    #expect(lists.allSatisfy { !$0.isEmpty })
    #expect(lists.first?.isDisjoint(with: lists.last ?? []) == true)
  }
}
