import Elastic
import FoundationEssentials
import Glibc
import ProcessHarness
import Testing

@Suite final class ProgramTests {
  let folder: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.path + "/lockstep-program-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: folder + "/bin", withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func file(_ name: String, mode: mode_t = 0o755) -> String {
    let path = folder + "/" + name
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    chmod(path, mode)
    return path
  }

  func program(
    _ command: [String], _ kind: Program.Kind = .automatic, environment: [String: String] = [:]
  ) throws(ElasticError) -> Program {
    try Program(
      command: command, kind: kind,
      environment: ["PATH": folder + "/bin"].merging(environment) { $1 }, launcherFolder: folder)
  }

  @Test func aPathIsUsedUnchanged() throws {
    let path = file("train")
    let program = try program([path, "--lr", "1"])
    #expect(program.path == path)
    #expect(program.arguments == ["--lr", "1"])
  }

  @Test func aNameIsSearchedInPathThenInTheLauncherFolder() throws {
    let inLauncherFolder = file("train")
    #expect(try program(["train"]).path == inLauncherFolder)
    let inPath = file("bin/train")
    #expect(try program(["train"]).path == inPath)
  }

  @Test func aScriptIsRunByPythonWithoutBuffering() throws {
    let python = file("bin/python3")
    let script = file("train.py", mode: 0o644)
    let program = try program([script, "--x"])
    #expect(program.path == python)
    #expect(program.arguments == ["-u", script, "--x"])
  }

  @Test func aModuleIsRunByTheGivenInterpreter() throws {
    let python = file("python-special")
    let program = try program(
      ["pkg.train", "-h"], .pythonModule, environment: ["PYTHON_EXEC": python])
    #expect(program.path == python)
    #expect(program.arguments == ["-u", "-m", "pkg.train", "-h"])
  }

  @Test func aScriptCanBeExecutedDirectly() throws {
    let script = file("train.py")
    #expect(try program([script], .executable).path == script)
  }

  @Test func localRankIsSubstituted() throws {
    let program = try program([file("train"), "--out=${local_rank}.log", "$local_rank"])
    #expect(
      program.arguments(localRank: 12) == ["--out=12.log", "$local_rank"].map { Array($0.utf8) })
  }

  @Test(
    arguments: [
      [0xE9], [0x61, 0xFF, 0x62], [0xC3], [0xED, 0xA0, 0x80], Array("${local_rank}".utf8) + [0xE9],
    ] as [[UInt8]])
  func bytesThatAreNotTextArePassedOn(argument: [UInt8]) throws {
    let path = Array((folder + "/prog").utf8) + [0xE9]
    let file = open(path.map(CChar.init(bitPattern:)) + [0], O_CREAT | O_WRONLY, 0o755)
    try #require(file >= 0)
    close(file)
    let program = try Program(
      command: [path, argument], kind: .automatic, environment: [:], launcherFolder: nil)
    #expect(program.pathBytes == path)
    #expect(program.name.hasSuffix("prog\\xE9"))
    let local = argument.first == UInt8(ascii: "$") ? [UInt8(ascii: "3"), 0xE9] : argument
    #expect(program.arguments(localRank: 3) == [local])
    #expect {
      try Program(
        command: [path + [0xE9]], kind: .automatic, environment: [:], launcherFolder: nil)
    } throws: {
      ($0 as? ElasticError)?.exitCode == 127 && "\($0)".contains("prog\\xE9\\xE9 does not exist")
    }
  }

  @Test(arguments: ["train", "./train", "/no/such/train", "train.py"])
  func aMissingProgramIsNamed(name: String) {
    #expect {
      try self.program([name])
    } throws: {
      let error = $0 as? ElasticError
      return error?.code == .programNotFound && error?.exitCode == 127
        && error?.message.contains(name) == true
    }
  }

  @Test func aMissingInterpreterIsNamed() {
    let script = file("train.py")
    #expect {
      try self.program([script])
    } throws: {
      ($0 as? ElasticError)?.code == .programNotFound && "\($0)".contains("PYTHON_EXEC")
    }
  }

  @Test func aFileThatCannotBeExecutedIsRejected() {
    for path in [file("train", mode: 0o644), folder] {
      #expect {
        try self.program([path])
      } throws: {
        ($0 as? ElasticError)?.exitCode == 126 && "\($0)".contains(path)
      }
    }
  }

  @Test func anEmptyCommandIsRejected() {
    #expect {
      try self.program([])
    } throws: {
      ($0 as? ElasticError)?.code == .usage
    }
  }
}
