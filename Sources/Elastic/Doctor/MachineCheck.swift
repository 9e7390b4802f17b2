import Collectives
import FoundationEssentials
import Glibc

/// What `lockstep doctor` finds out about this machine; nothing is changed, and nothing leaves it.
public enum MachineCheck {
  /// Looks at everything.
  ///
  /// - Parameters:
  ///   - environment: The variables that jobs will have.
  ///   - ownFolder: The folder of the launcher's executable, from which libtorch is looked for, too.
  ///   - localAddress: The address that this node is to advertise; `nil` finds one out.
  /// - Returns: One finding for each thing that was looked at.
  public static func findings(
    environment: [String: String], ownFolder: String?, localAddress: String?
  ) -> [Finding] {
    [
      toolchain(environment), libtorch(environment, ownFolder), gpus(environment),
      sharedMemory(atPath: "/dev/shm"),
      openFiles(limit(Int32(RLIMIT_NOFILE.rawValue))),
      lockedMemory(limit(8), gpus: DeviceCount.gpus),
      hostName(), advertised(localAddress), port(29400), port(29500),
    ]
  }

  /// Loads libtorch as a worker would; the launcher itself has no need of it.
  private static func libtorch(_ environment: [String: String], _ ownFolder: String?) -> Finding {
    var folders = environment["LIBTORCH"].map { ["\($0)/lib"] } ?? []
    var folder = ownFolder ?? ""
    while let slash = folder.lastIndex(of: "/") {  // a checkout has it in .deps, above the programs
      folder = String(folder[..<slash])
      let text = FileManager.default.contents(atPath: "\(folder)/.deps/libtorch.pc")
      folders += text.map { linkFolders(String(decoding: $0, as: UTF8.self)) } ?? []
    }
    let paths = folders.map { "\($0)/libtorch_cpu.so" }.filter {
      FileManager.default.fileExists(atPath: $0)
    }
    let path = paths.first ?? "libtorch_cpu.so"
    guard dlopen(path, RTLD_LAZY | RTLD_LOCAL) == nil else { return .ok("libtorch loads: \(path)") }
    let reason = dlerror().map { String(cString: $0) } ?? path
    return .warning(
      "libtorch does not load: \(reason)",
      "programs that train need it: run Scripts/setup, or set LIBTORCH to the folder that has lib/")
  }

  /// The `-L` folders of a pkg-config file.
  static func linkFolders(_ text: String) -> [String] {
    text.split(whereSeparator: \.isWhitespace).filter { $0.hasPrefix("-L") }
      .map { $0.dropFirst(2).filter { $0 != "\"" } }
  }

  private static func gpus(_ environment: [String: String]) -> Finding {
    let visible = environment["CUDA_VISIBLE_DEVICES"].map { ", CUDA_VISIBLE_DEVICES=\($0)" } ?? ""
    let processors = DeviceCount.processors
    let found = "\(DeviceCount.gpus) GPUs\(visible), \(processors) processors"
    guard DeviceCount.gpus > 0, dlopen("libcuda.so.1", RTLD_LAZY) == nil else { return .ok(found) }
    return .problem(
      "\(found), but libcuda.so.1 does not load",
      "install NVIDIA's driver; a container has to be started with its GPUs (--gpus all)")
  }

  package static func sharedMemory(atPath path: String) -> Finding {
    var info = statvfs()
    guard statvfs(path, &info) == 0 else {
      return .problem(
        "there is no \(path)",
        "mount a tmpfs there: NCCL and PyTorch's workers share memory through it")
    }
    let free = UInt64(info.f_bavail) * UInt64(info.f_frsize)
    let found = "\(path): \(free >> 20) MiB free"
    guard free < 1 << 30 else { return .ok(found) }
    return .warning(
      found, "give a container more (--shm-size 2g, or an emptyDir with medium Memory)")
  }

  package static func openFiles(_ limit: UInt64?) -> Finding {
    guard let limit else { return .ok("open files: no limit") }
    let found = "open files: at most \(limit)"
    return limit >= 4096 ? .ok(found) : .warning(found, "raise it: ulimit -n 65536")
  }

  package static func lockedMemory(_ limit: UInt64?, gpus: Int) -> Finding {
    guard let limit else { return .ok("locked memory: no limit") }
    let found = "locked memory: at most \(limit >> 10) KiB"
    guard gpus > 0, limit < 1 << 30 else { return .ok(found) }
    return .warning(found, "NCCL over InfiniBand needs more: ulimit -l unlimited")
  }

  private static func hostName() -> Finding {
    let name = Machine.hostName
    switch HostAddress.resolve(name, 0) {
    case .failure(let failure):
      return resolved(name, .failure(failure))
    case .success(let addresses):
      return resolved(name, .success(Set(addresses.map(\.text)).sorted()))
    }
  }

  /// What a machine's own name means to itself: /etc/hosts often makes it a loopback address.
  static func resolved(_ name: String, _ result: Result<[String], ResolverFailure>) -> Finding {
    let remedy =
      "lockstep needs no names, but PyTorch's workers may: put this machine's address and name into "
      + "/etc/hosts, or set GLOO_SOCKET_IFNAME"
    switch result {
    case .failure(let failure):
      return .warning("this machine's name \(name) has no address: \(failure.reason)", remedy)
    case .success(let addresses):
      let found = "this machine's name \(name) is \(addresses.joined(separator: ", "))"
      let isLoopback = addresses.allSatisfy(HostAddress.isLoopback)
      return isLoopback
        ? .warning(found + ", which no other machine can reach", remedy) : .ok(found)
    }
  }

  private static func advertised(_ given: String?) -> Finding {
    let own = Set(HostAddress.interfaces.keys)
    let usable = own.filter { !HostAddress.isLoopback($0) && !$0.hasPrefix("fe80") }.sorted()
    return advertised(given, own: own, usable: usable)
  }

  package static func advertised(_ given: String?, own: Set<String>, usable: [String]) -> Finding {
    let choices = usable.isEmpty ? "there is none" : usable.joined(separator: ", ")
    if let given {
      if HostAddress.isLoopback(given) || given == "localhost" {
        return .problem(
          "the address \(given) means each machine itself", "choose another: \(choices)")
      }
      if given.contains(where: \.isLetter) && !given.contains(":") || own.contains(given) {
        return .ok("the address to advertise is \(given)")
      }
      return .warning(
        "the address \(given) is none of this machine's",
        "right behind an address translation; otherwise choose one of: \(choices)")
    }
    guard let first = usable.first else {
      return .warning(
        "this machine has no address but loopback",
        "jobs of one node work; for more, set up a network")
    }
    guard usable.count > 1 else { return .ok("the address to advertise is \(first)") }
    return .ok("addresses to advertise: \(choices); the one towards the endpoint is taken")
  }

  private static func port(_ port: Int) -> Finding {
    do {
      try TCPStoreServer.start(port: port).close()
      return .ok("port \(port) is free")
    } catch {
      return .warning(
        "port \(port), a default of rendezvous, cannot be used: \(error.message)",
        "name another port in --rdzv-endpoint (c10d: 29400, static: 29500)")
    }
  }

  /// A soft limit of this process; `nil` for none.
  ///
  /// `RLIMIT_MEMLOCK`, 8 on Linux, is a macro that Swift does not see.
  private static func limit(_ resource: Int32) -> UInt64? {
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0, limit.rlim_cur != rlim_t.max else { return nil }
    return UInt64(limit.rlim_cur)
  }
}
