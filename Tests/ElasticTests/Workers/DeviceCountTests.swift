import Elastic
import Testing

@Suite struct DeviceCountTests {
  @Test(
    arguments: [
      ("0,1", 2), ("", 0), ("-1", 0), ("3", 1), ("0,-1,1", 1), ("GPU-5e1a, GPU-77", 2), ("0,,1", 1),
    ])
  func theFirstInvalidEntryEndsTheVisibleDevices(list: String, count: Int) {
    #expect(DeviceCount.gpus(visibleDevices: list, deviceNodes: ["nvidia0"]) == count)
  }

  @Test func deviceNodesAreCountedWithoutVisibleDevices() {
    let nodes = ["null", "nvidia0", "nvidia1", "nvidia10", "nvidiactl", "nvidia-uvm", "nvidia"]
    #expect(DeviceCount.gpus(visibleDevices: nil, deviceNodes: nodes) == 3)
  }

  @Test(arguments: [(nil, "1"), ("5,3", "3"), ("GPU-1, GPU-2", "GPU-2"), ("7", "1")])
  func aWorkersVisibleDeviceIsThatOfItsLocalRank(list: String?, device: String) {
    #expect(DeviceCount.visibleDevice(localRank: 1, visibleDevices: list) == device)
  }

  @Test(arguments: ["SIGTERM", "TERM", "term", "15"])
  func signalNamesAndNumbersAreParsed(text: String) {
    #expect(Signal(text) == .terminate)
  }

  @Test(arguments: ["", "SIG", "0", "65", "SIGFOO"])
  func unknownSignalsAreRejected(text: String) {
    #expect(Signal(text) == nil)
  }
}
