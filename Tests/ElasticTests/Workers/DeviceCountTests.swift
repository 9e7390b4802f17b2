import Elastic
import Testing

@Suite struct DeviceCountTests {
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
