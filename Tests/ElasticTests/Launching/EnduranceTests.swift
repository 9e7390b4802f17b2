import ProcessHarness
import Testing

@Suite(.timeLimit(.minutes(5))) struct EnduranceTests {
  /// Compares the launcher's descriptors, threads, children and memory after 10 and 1000 restarts.
  @Test func aThousandRestartsLeakNothing() async throws {
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
    let counts = result.output.split(separator: "\n").map {
      $0.split(separator: " ").compactMap { Int($0) }
    }
    try #require(counts.map(\.count) == [4, 4])
    #expect(counts[1][0] == counts[0][0], "open descriptors")
    #expect(counts[1][1] - counts[0][1] < 10, "threads; the size of the system's pool varies")
    #expect(counts.map { $0[2] } == [2, 2], "children: this worker and the guard, no zombie")
    #expect(counts[1][3] - counts[0][3] < 256, "pages of memory: \(counts)")
  }
}
