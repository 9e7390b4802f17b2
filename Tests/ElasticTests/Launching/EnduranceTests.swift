import ProcessHarness
import Testing

@Suite(.timeLimit(.minutes(5))) struct EnduranceTests {
  /// What a launcher holds after ten restarts and after a thousand, as one of its workers sees it.
  @Test func aThousandRestartsLeaveNothingBehind() async throws {
    let result = try await Launcher.run(
      "--max-restarts", "1000", "sh", "-c",
      """
      case $TORCHELASTIC_RESTART_COUNT in 10 | 1000) ;; *) exit 1 ;; esac
      sleep 0.3
      count() { echo $#; }
      descriptors=$(count /proc/$PPID/fd/*)
      threads=$(count /proc/$PPID/task/*)
      children=$(count $(cat /proc/$PPID/task/*/children))
      pages=$(cut -d ' ' -f 2 /proc/$PPID/statm)
      echo $descriptors $threads $children $pages
      exit 1
      """)
    #expect(result.code == 1)
    #expect(result.errors.contains("restarts  : 1000, none left"))
    let held = result.output.split(separator: "\n").map {
      $0.split(separator: " ").compactMap { Int($0) }
    }
    try #require(held.map(\.count) == [4, 4])
    #expect(held[1][0] == held[0][0], "open descriptors")
    #expect(held[1][1] - held[0][1] < 10, "threads; those of the system's pool come and go")
    #expect(held.map { $0[2] } == [2, 2], "children: this worker and the guard, no zombie")
    #expect(held[1][3] - held[0][3] < 256, "pages of memory: \(held)")
  }
}
