import Elastic
import ProcessHarness
import Testing

@Suite struct GPUInventoryTests {
  private let uuids = ["GPU-5e1a0000", "GPU-77aa1111", "GPU-77bb2222", "GPU-c0de3333"]

  private func nvidia(_ count: Int) -> GPUInventory {
    GPUInventory(vendor: .nvidia, identifiers: Array(uuids.prefix(count)))
  }

  /// With the rules of CUDA, as `torch.cuda.device_count()` applies them.
  @Test(
    arguments: [
      (nil, [0, 1, 2, 3]), ("", []), ("-1", []), ("0,1", [0, 1]), ("3,0", [3, 0]), ("0,-1,1", [0]),
      ("0,,1", [0]), ("7", []), ("1,4,2", [1]), ("0,1,2,3,4,5,6,7", [0, 1, 2, 3]), ("1,1", []),
      ("0 , 2", [0, 2]), ("1gpu,2", [1, 2]), ("none", []), ("GPU-5e1a", [0]),
      ("GPU-c0de3333,GPU-5e1a0000", [3, 0]), ("GPU-77", []), ("GPU-77a,GPU-77b", [1, 2]),
      ("GPU-5e1a,GPU-none,GPU-c0de", [0]), ("GPU-5e1a,GPU-5e1a0000", []), ("MIG-1,MIG-2", [0]),
    ] as [(String?, [Int])])
  func theVariableLimitsTheGPUsThatExist(list: String?, expected: [Int]) {
    let environment = list.map { ["CUDA_VISIBLE_DEVICES": $0] } ?? [:]
    #expect(nvidia(4).visible(environment: environment) == expected)
  }

  @Test(arguments: ["0", "0,1,2,3", "GPU-5e1a", "MIG-1", "3"])
  func aVariableAddsNoGPUs(list: String) {
    for vendor in [GPUInventory.Vendor.nvidia, .amd] {
      let inventory = GPUInventory(vendor: vendor, identifiers: [])
      for name in ["CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES"] {
        #expect(inventory.visible(environment: [name: list]) == [])
      }
    }
  }

  @Test func identifiersThatTheDriverHidesAreCounted() {
    let inventory = GPUInventory(vendor: .nvidia, identifiers: ["", "", ""])
    func visible(_ list: String) -> [Int] {
      inventory.visible(environment: ["CUDA_VISIBLE_DEVICES": list])
    }
    #expect(visible("GPU-1,GPU-2") == [0, 1])
    #expect(visible("GPU-1,GPU-2,GPU-3,GPU-4") == [0, 1, 2])
    #expect(visible("GPU-1,GPU-1") == [])
  }

  @Test(
    arguments: [
      ([:], [0, 1, 2, 3]), (["HIP_VISIBLE_DEVICES": "2,0"], [2, 0]),
      (["CUDA_VISIBLE_DEVICES": "1"], [1]), (["ROCR_VISIBLE_DEVICES": "3,1"], [3, 1]),
      (["ROCR_VISIBLE_DEVICES": "3,1", "HIP_VISIBLE_DEVICES": "1"], [1]),
      (["ROCR_VISIBLE_DEVICES": "3,1", "HIP_VISIBLE_DEVICES": "0,2"], [3]),
      (["HIP_VISIBLE_DEVICES": "0", "CUDA_VISIBLE_DEVICES": "1,2"], [0]),
      (["ROCR_VISIBLE_DEVICES": "GPU-77bb2222"], [2]), (["GPU_DEVICE_ORDINAL": "3"], [3]),
      (["HIP_VISIBLE_DEVICES": ""], []),
    ] as [([String: String], [Int])])
  func amdGPUsHaveVariablesOfTheirOwn(environment: [String: String], expected: [Int]) {
    let inventory = GPUInventory(vendor: .amd, identifiers: uuids)
    #expect(inventory.visible(environment: environment) == expected)
  }

  @Test func nvidiasVariableAloneLimitsNvidiasGPUs() {
    let environment = [
      "HIP_VISIBLE_DEVICES": "0", "ROCR_VISIBLE_DEVICES": "", "GPU_DEVICE_ORDINAL": "1",
    ]
    #expect(nvidia(3).visible(environment: environment) == [0, 1, 2])
  }

  @Test func deviceFilesOfNVIDIAAreFound() throws {
    let root = try TestFolder()
    for name in ["null", "nvidia3", "nvidia10", "nvidiactl", "nvidia-uvm", "nvidia"] {
      try root.create("dev/\(name)")
    }
    for (bus, minor) in [("0000:17:00.0", 10), ("0000:65:00.0", 3), ("0000:b1:00.0", 0)] {
      try root.create(
        "proc/driver/nvidia/gpus/\(bus)/information",
        "Model: \t\t NVIDIA H100\nGPU UUID: \t GPU-\(minor)\nDevice Minor: \t \(minor)\n")
    }
    let inventory = GPUInventory.scan(root: root.path)
    #expect(
      inventory
        == GPUInventory(
          vendor: .nvidia, identifiers: ["GPU-3", "GPU-10"], numbers: [3, 10]))
  }

  @Test func amdGPUsWithARenderDeviceAreFound() throws {
    let root = try TestFolder()
    try root.create("dev/kfd")
    try root.create("dev/dri/renderD129")
    try root.create("dev/dri/renderD130")
    let nodes = "sys/class/kfd/kfd/topology/nodes"
    try root.create("\(nodes)/0/properties", "cpu_cores_count 64\nsimd_count 0\n")
    for (node, minor, id) in [(1, 128, 11), (2, 129, 0), (10, 130, 0xABC)] {
      try root.create(
        "\(nodes)/\(node)/properties",
        "simd_count 416\ndrm_render_minor \(minor)\nunique_id \(id)\n")
    }
    let inventory = GPUInventory.scan(root: root.path)
    #expect(
      inventory
        == GPUInventory(
          vendor: .amd, identifiers: ["", "GPU-0000000000000abc"], numbers: [2, 10]))
  }

  @Test func aMachineWithoutGPUsHasNone() throws {
    #expect(GPUInventory.scan(root: try TestFolder().path).identifiers == [])
  }
}
