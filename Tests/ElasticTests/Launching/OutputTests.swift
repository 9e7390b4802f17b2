import Foundation
import ProcessHarness
import Testing

@Suite(.timeLimit(.minutes(2))) struct OutputTests {
  @Test func theOutputOfASingleWorkerIsUnchanged() async throws {
    let result = try await Launcher.run("sh", "-c", "printf 'a\\r\\nb\\0\\r'; printf oops >&2")
    #expect(result.output == "a\r\nb\0\r")
    #expect(result.errors == "oops")
  }

  @Test func closedStandardStreamsAreAccepted() async throws {
    let result = try await Launcher.run(
      "sh", "-c",
      """
      \(Launcher.path) run sh -c 'cat; echo out; echo err >&2; exit 3' <&- >&- 2>$DIR/err
      echo $?; cat $DIR/err
      """)
    #expect(result.output.hasPrefix("3\nerr\n"))
  }

  @Test func linesOfSeveralWorkersArePrefixed() async throws {
    let result = try await Launcher.run(
      "--nproc-per-node", "2", "sh", "-c", "echo one; echo; printf last; printf err >&2")
    for rank in 0...1 {
      let lines = result.output.split(separator: "\n").filter { $0.hasPrefix("[default\(rank)]:") }
      #expect(lines.map { $0.dropFirst(11) } == ["one", "", "last"])
      #expect(result.errors.contains("[default\(rank)]:err\n"))
    }
  }

  @Test func outputAppearsWhileTheWorkerRuns() async throws {
    let launcher = try Launcher([
      "--nproc-per-node", "2", "sh", "-c",
      "echo ready; while [ ! -e $DIR/seen ]; do sleep 0.01; done",
    ])
    try await value { launcher.output.split(separator: "\n").count == 2 ? () : nil }
    try launcher.folder.create("seen")
    #expect(try await launcher.result().code == 0)
  }

  @Test func noLineIsLostOrSplit() async throws {
    let result = try await Launcher.run(
      "--nproc-per-node", "3", "bash", "-c",
      """
      for i in {1..3000}; do
        printf "$RANK:$i:"; printf '%*s' $((i % 97)) x; echo ":end"
      done
      """)
    #expect(result.code == 0)
    for rank in 0...2 {
      let lines = result.output.split(separator: "\n").filter { $0.hasPrefix("[default\(rank)]:") }
      let expected = (1...3000).map { i in
        let width = max(1, i % 97)
        let field = String(repeating: " ", count: width - 1) + "x"
        return "[default\(rank)]:\(rank):\(i):\(field):end"
      }
      #expect(lines.map(String.init) == expected)
    }
  }

  @Test(.enabled(if: hasPython, "needs python3"))
  func hugeLinesAndBinaryDataAreUnchanged() async throws {
    let folder = try TestFolder()
    let script = try folder.create(
      "huge.py",
      """
      import os, sys
      out = sys.stdout.buffer
      out.write(bytes([0x80 + int(os.environ["RANK"])]) * 300_000 + b"\\n")
      out.write(bytes(b for b in range(256) if b not in (10, 13)) * 64 + b"\\n")
      """)
    let job = try Launcher(["--nproc-per-node", "2", script.path], in: folder)
    #expect(try await job.result().code == 0)
    let output = try #require(folder.data("child.out"))
    var binary = Data((0...255).filter { $0 != 10 && $0 != 13 })
    for _ in 0..<6 { binary += binary }
    for rank in [UInt8(0), 1] {
      let prefix = Data("[default\(rank)]:".utf8)
      let newline = Data([0x0A])
      let huge = Data(repeating: 0x80 + rank, count: 300_000)
      #expect(output.range(of: prefix + huge + newline) != nil)
      #expect(output.range(of: prefix + binary + newline) != nil)
    }
    #expect(output.count == 2 * (300_000 + binary.count + 2 * 12))
  }

  @Test func theLastOutputOfAKilledWorkerIsShown() async throws {
    let result = try await Launcher.run(
      "--nproc-per-node", "2", "sh", "-c",
      "[ $RANK = 0 ] && sleep 100; echo final words; printf 'and more' >&2; kill -9 $$")
    #expect(result.output == "[default1]:final words\n")
    #expect(result.errors.contains("[default1]:and more\n"))
    #expect(result.errors.contains("    | and more\n"))
  }

  @Test func onlySelectedRanksAreShown() async throws {
    let result = try await Launcher.run(
      "--nproc-per-node", "3", "--local-ranks-filter", "0,2", "sh", "-c", "echo out; echo err >&2")
    #expect(
      result.output.split(separator: "\n").sorted() == ["[default0]:out", "[default2]:out"])
    #expect(result.errors.contains("[default2]:err"))
    #expect(!result.errors.contains("[default1]:err"))
  }

  @Test func linesThatMatchAFilterAreCopied() async throws {
    let folder = try TestFolder()
    let job = try Launcher(
      [
        "--nproc-per-node", "2", "--log-dir", folder.file("logs"), "--tee", "3",
        "--duplicate-stdout-filters", "loss,a,,b", "--duplicate-stderr-filters", "bad", "bash",
        "-c",
        """
        printf 'step\nloss %s\nno\nxa,bx\n' $RANK; printf 'good\nbad' >&2
        for i in {1..2000}; do echo "loss $i"; done
        """,
      ], in: folder)
    #expect(try await job.result().code == 0)
    let run = try #require(FileManager.default.subpaths(atPath: folder.file("logs"))?.sorted()[0])
    let copies = try #require(folder.text("logs/\(run)/attempt_0/filtered_stdout.log"))
    for rank in 0...1 {
      let lines = copies.split(separator: "\n").filter { $0.hasPrefix("[default\(rank)]:") }
        .map { $0.dropFirst(11) }
      #expect(lines == ["loss \(rank)", "xa,bx"] + (1...2000).map { "loss \($0)" })
    }
    #expect(
      folder.text("logs/\(run)/attempt_0/filtered_stderr.log")?.split(separator: "\n").sorted()
        == ["[default0]:bad", "[default1]:bad"])
  }

  /// As in torchrun, the filters see only what is in `--tee` and shown.
  @Test(arguments: [
    ("--tee 1:3", ["[default1]:loss 1"], ["[default1]:bad 1"]),
    ("--tee 0:1,2:2", ["[default0]:loss 0"], ["[default2]:bad 2"]),
    ("--tee 3 --local-ranks-filter 2", ["[default2]:loss 2"], ["[default2]:bad 2"]),
    ("--redirects 3", [], []), ("--tee 0", [], []),
  ])
  func filtersCopyOnlyWhatIsTeed(options: String, output: [String], errors: [String]) async throws {
    let folder = try TestFolder()
    let job = try Launcher(
      ["--nproc-per-node", "3", "--log-dir", folder.file("logs")]
        + options.split(separator: " ").map(String.init) + [
          "--duplicate-stdout-filters", "loss", "--duplicate-stderr-filters", "bad", "sh", "-c",
          "echo loss $RANK; echo bad $RANK >&2; echo other",
        ], in: folder)
    #expect(try await job.result().code == 0)
    let run = try #require(FileManager.default.subpaths(atPath: folder.file("logs"))?.sorted()[0])
    func lines(_ name: String) throws -> [String] {
      let text = try #require(folder.text("logs/\(run)/attempt_0/\(name)"))
      return text.split(separator: "\n").map(String.init).sorted()
    }
    #expect(try lines("filtered_stdout.log") == output)
    #expect(try lines("filtered_stderr.log") == errors)
  }

  /// `/dev/full` refuses every write, as a full disk does.
  @Test(arguments: [
    ("echo x", ">/dev/full", 74, "2 bytes of output could not be written to standard output"),
    ("seq 100000", ">/dev/full", 74, "could not be written to standard output"),
    ("echo x; exit 3", ">/dev/full", 3, "cannot write to standard output: No space left"),
    ("echo x >&2", "2>/dev/full", 74, ""), ("echo x", ">/dev/full 2>/dev/full", 74, ""),
    ("true", ">/dev/full", 0, ""), ("echo x", "| true", 0, ""),
  ])
  func lostOutputIsAnError(
    script: String, redirection: String, code: Int32, message: String
  ) async throws {
    for workers in 1...2 where workers == 1 || !message.hasPrefix("2 bytes") {
      let result = try await ChildProcess.run(
        "/bin/bash",
        [
          "-c",
          "set -o pipefail; \"$0\" run --nproc \(workers) sh -c '\(script)' \(redirection)",
          Launcher.path,
        ])
      #expect(result.code == code, "\(result.errors)")
      #expect(message.isEmpty || result.errors.contains(message), "\(result.errors)")
    }
  }

  @Test(arguments: ["doctor --json", "--help", "run --help", "--version", "help run"])
  func lostTextOfTheCommandIsAnError(arguments: String) async throws {
    let result = try await ChildProcess.run(
      "/bin/sh", ["-c", "\"$0\" \(arguments) >/dev/full", Launcher.path])
    #expect(result.code == 74)
    #expect(result.errors.contains("cannot write to standard output: No space left on device"))
  }

  /// Runs a launcher in a new terminal and returns what the terminal shows.
  private func shown(_ arguments: [String]) async throws -> String {
    let folder = try TestFolder()
    let script = try folder.create(
      "terminal.py",
      """
      import os, pty, sys
      os.environ["TERM"] = "xterm"
      status = pty.spawn(["\(Launcher.path)", "run"] + sys.argv[1:])
      sys.exit(os.waitstatus_to_exitcode(status))
      """)
    let result = try await ChildProcess.run(
      "/usr/bin/env", ["python3", script.path] + arguments,
      environment: ["EVENTS": folder.file("events")])
    return result.output
  }

  private static let tests =
    "for i in 1 2; do if [ -t $i ]; then echo $i is a terminal; else echo $i is none; fi; done"

  @Test(
    .enabled(if: hasPython, "needs python3"),
    arguments: [
      ("--nproc-per-node 1", ["1 is a terminal", "2 is a terminal"]),
      ("--standalone --max-restarts 1", ["1 is a terminal", "2 is a terminal"]),
      ("--redirects 2", ["1 is a terminal", "2 is none"]),
      ("--tee 1", ["1 is none", "2 is a terminal"]), ("--tee 3", ["1 is none", "2 is none"]),
      ("--nproc-per-node 2", ["1 is none", "2 is none", "1 is none", "2 is none"]),
    ])
  func aSingleWorkerInheritsTheTerminal(options: String, lines: [String]) async throws {
    let output = try await shown(
      options.split(separator: " ").map(String.init) + ["sh", "-c", Self.tests])
    let found = output.matches(of: /[12] is (a terminal|none)/).map { String($0.0) }
    #expect(found.sorted() == lines.sorted())
  }

  @Test(.enabled(if: hasPython, "needs python3"))
  func theReportRefersToTheTerminal() async throws {
    let output = try await shown(["sh", "-c", "echo the cause >&2; exit 3"])
    #expect(output.contains("the cause\r\n"))
    #expect(output.contains("standard error is shown above"))
    #expect(!output.contains("| the cause"))
  }

  /// Simulates a full disk by a limit on the file size.
  @Test func aFailedLogWriteIsReportedOnce() async throws {
    let folder = try TestFolder()
    let job = try Launcher(
      "/bin/sh",
      [
        "-c", "trap '' XFSZ; ulimit -f 8; exec \(Launcher.path) \"$@\"", "sh", "run", "--log-dir",
        folder.path, "--redirects", "1", "sh", "-c", "seq 20000; sleep 0.1; seq 20000",
      ])
    let result = try await job.result()
    #expect(result.code == 0)
    #expect(
      result.errors.matches(of: /cannot write the log .*stdout.log: File too large/).count == 1)
  }

  @Test(.enabled(if: hasPython, "needs python3"))
  func aProgressBarStaysOnOneLineOfATerminal() async throws {
    let folder = try TestFolder()
    let script = try folder.create(
      "terminal.py",
      """
      import os, pty, sys
      worker = r'''
      if [ $RANK = 1 ]; then while [ ! -e $DIR/b ]; do sleep 0.01; done; echo hello; exit; fi
      printf '\\r 10%%'; sleep 0.5; printf '\\r 20%%'; sleep 0.5; echo > $DIR/b; sleep 0.5
      printf '\\r 30%%\\n'
      '''
      os.environ["TERM"] = "xterm"
      status = pty.spawn(["\(Launcher.path)", "run", "--nproc-per-node", "2", "sh", "-c", worker])
      sys.exit(os.waitstatus_to_exitcode(status))
      """)
    let result = try await Launcher.run(script.path)
    let clear = "\r\u{1B}[K"
    #expect(result.code == 0)
    #expect(
      result.output
        == "[default0]: 10%\(clear)[default0]: 20%\(clear)[default1]:hello\r\n[default0]: 20%"
        + "\(clear)[default0]: 30%\r\n")
  }

  /// Workers write to pipes, so the launcher passes them the terminal's width minus the prefix.
  @Test(.enabled(if: hasPython, "needs python3"))
  func workersReceiveTheTerminalWidth() async throws {
    let folder = try TestFolder()
    let script = try folder.create(
      "terminal.py",
      """
      import fcntl, os, pty, struct, sys, termios
      os.environ["TERM"] = "xterm"
      def run():
          fcntl.ioctl(2, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
          os.execv("\(Launcher.path)", ["lockstep", "run", "--nproc-per-node", "2", "sh", "-c",
              "echo columns $LOCKSTEP_TERMINAL_COLUMNS"])
      pid, terminal = pty.fork()
      if pid == 0: run()
      try:
          while text := os.read(terminal, 4096): os.write(1, text)
      except OSError: pass
      sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
      """)
    let shown = try await ChildProcess.run("/usr/bin/env", ["python3", script.path])
    #expect(shown.output.contains("[default0]:columns 89"), "\(shown.output)")
    let piped = try await Launcher.run(
      "--nproc-per-node", "2", "sh", "-c", "echo columns $LOCKSTEP_TERMINAL_COLUMNS.")
    #expect(piped.output.contains("[default0]:columns .\n"))
  }
}
