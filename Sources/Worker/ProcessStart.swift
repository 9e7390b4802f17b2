internal import FoundationEssentials
internal import Glibc

/// The start of this process.
enum ProcessStart {
  /// The time in seconds since 1970, at most a clock tick too early; `nil` if `/proc` is not
  /// available.
  static var time: Double? {
    guard let text = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
      // The program's name, in parentheses, may contain spaces.
      let fields = text.split(separator: ")").last?.split(separator: " "), fields.count > 19,
      let ticks = Double(fields[19])
    else { return nil }
    let sinceBoot = seconds(CLOCK_BOOTTIME) - ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    return seconds(CLOCK_REALTIME) - sinceBoot
  }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
