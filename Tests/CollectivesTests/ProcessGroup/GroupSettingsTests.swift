import Collectives
import Testing

@Suite struct GroupSettingsTests {
  @Test func unsetVariablesGiveTheDefaults() throws {
    #expect(try GroupSettings([:]) == GroupSettings())
    #expect(try GroupSettings(["LOCKSTEP_BACKEND": "", "TORCH_FR_BUFFER_SIZE": "0"]) == .init())
  }

  @Test func variablesAreRead() throws {
    let settings = try GroupSettings([
      "LOCKSTEP_BACKEND": "shm", "TORCH_DISTRIBUTED_DEBUG": "DETAIL", "TORCH_FR_BUFFER_SIZE": "17",
      "TORCH_FR_DUMP_TEMP_FILE": "/tmp/record",
    ])
    #expect(settings.backend == .sharedMemory && settings.debugLevel == .detail)
    #expect(settings.recordedCollectives == 17 && settings.recordFile == "/tmp/record")
    #expect(try GroupSettings(["TORCH_FR_DUMP_TEMP_FILE": "x"]).recordedCollectives == 2000)
  }

  @Test func lockstepVariablesTakePrecedence() throws {
    let settings = try GroupSettings(["LOCKSTEP_DEBUG": "info", "TORCH_DISTRIBUTED_DEBUG": "OFF"])
    #expect(settings.debugLevel == .info)
  }

  @Test(arguments: [
    ("LOCKSTEP_BACKEND", "mpi", "set it to one of shm, gloo, hierarchical, nccl"),
    ("LOCKSTEP_DEBUG", "yes", "set it to one of off, info, detail"),
    ("TORCH_DISTRIBUTED_DEBUG", "2", "set it to one of off, info, detail"),
    ("TORCH_FR_BUFFER_SIZE", "-1", "the number of collectives to record"),
    ("TORCH_FR_BUFFER_SIZE", "many", "the number of collectives to record"),
  ])
  func anInvalidValueIsReportedWithTheRemedy(name: String, value: String, remedy: String) {
    let text = failure { _ = try GroupSettings([name: value]) }
    #expect(text.contains("\(name) is \"\(value)\"") && text.contains(remedy), "\(text)")
  }
}
