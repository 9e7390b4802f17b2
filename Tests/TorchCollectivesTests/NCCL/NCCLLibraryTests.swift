import CNCCL
import Collectives
import Foundation
import NCCLStandIn
import Testing
import TorchCollectives

@Suite struct NCCLLibraryTests {
  @Test(arguments: [
    ("/no/where/libnccl.so.2", "No such file"), ("libm.so.6", "has no ncclGetVersion"),
    (#filePath, "invalid ELF header"),
  ])
  func aLibraryThatCannotBeLoadedIsReported(path: String, words: String) {
    let text = failure(Result { try NCCLLibrary(path: path) })
    #expect(text.hasPrefix("unavailable") && text.contains(words), "\(text)")
    #expect(text.contains("nvidia-nccl-cu13") && text.contains("LOCKSTEP_NCCL"), "\(text)")
  }

  @Test func anOldLibraryIsUnavailable() {
    var calls = stand_in_library()
    calls.GetVersion = { version in
      version?.pointee = 21_304
      return 0
    }
    let text = failure(Result { try NCCLLibrary(calls: calls) })
    #expect(text.contains("NCCL 2.13.4 is too old: install 2.14"), "\(text)")
  }
}
