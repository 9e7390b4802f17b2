import CTorch
import FakeAccelerator
import Testing
import Torch

/// With a fake accelerator that logs libtorch's calls.
@Suite struct SideStreamTests {
  private func log() -> [String] {
    String(cString: fake_accelerator_log()).split(separator: "\n").map(String.init)
  }

  private func stream() throws -> ct_side_stream {
    var created: ct_side_stream?
    #expect(ct_side_stream_create(fake_accelerator_type(), 1, &created) == nil)
    return try #require(created)
  }

  @Test func sideStreamWorkFollowsTheProgramsWork() throws {
    let stream = try stream()
    defer { ct_side_stream_release(stream) }
    _ = log()

    var native: UnsafeMutableRawPointer?
    var previous: Int32 = -1
    #expect(ct_side_stream_begin(stream, &native, &previous) == nil)
    #expect(native == UnsafeMutableRawPointer(bitPattern: 107) && previous == 0)
    let event = try #require(Int(log().first?.split(separator: " ")[1] ?? ""))
    let tensor = Tensor.zeros([2])
    #expect(ct_side_stream_record_tensor(stream, tensor.unsafeHandle) == nil)
    var recorded: ct_event?
    #expect(ct_side_stream_record_event(stream, &recorded) == nil)
    #expect(ct_side_stream_end(stream, previous) == nil)
    #expect(
      log() == [
        "memory is kept for stream 1:7", "event \(event + 1) in stream 1:7", "device 0",
      ])

    var isComplete = true
    fake_accelerator_set_complete(false)
    #expect(ct_event_query(recorded, &isComplete) == nil && !isComplete)
    fake_accelerator_set_complete(true)
    #expect(ct_event_query(recorded, &isComplete) == nil && isComplete)
    ct_event_release(recorded)
    #expect(log() == ["event \(event + 1) ends"])
  }

  @Test func theSideStreamWaitsForTheProgramsStream() throws {
    let stream = try stream()
    defer { ct_side_stream_release(stream) }
    _ = log()
    var native: UnsafeMutableRawPointer?
    var previous: Int32 = -1
    #expect(ct_side_stream_begin(stream, &native, &previous) == nil)
    let lines = log()
    let event = try #require(lines.first?.split(separator: " ")[1])
    #expect(
      lines == [
        "event \(event) in stream 1:0", "stream 1:7 waits for event \(event)", "device 1",
        "event \(event) ends",
      ])
    #expect(ct_side_stream_end(stream, previous) == nil)
  }

  @Test func anUnavailableDeviceTypeIsAnError() {
    var created: ct_side_stream?
    let error = ct_side_stream_create(18, 0, &created)
    #expect(error != nil && created == nil)
    ct_error_free(error)
  }
}
