import Collectives
import FoundationEssentials
import Glibc

/// The checks of `lockstep doctor` on this machine.
///
/// They change nothing and contact no other machine.
public enum MachineCheck {
  /// Runs all checks.
  ///
  /// - Parameters:
  ///   - environment: The environment variables of future jobs.
  ///   - launcherFolder: The folder of the launcher's executable. libtorch is also searched for in
  ///     `.deps` of the folders above it.
  ///   - localAddress: The address that this node advertises; `nil` to detect one.
  /// - Returns: One finding per check.
  public static func findings(
    environment: [String: String], launcherFolder: String?, localAddress: String?
  ) -> [Finding] {
    [
      toolchain(environment), libtorch(environment, launcherFolder), gpus(environment),
      sharedMemory(atPath: "/dev/shm"),
      openFiles(limit(Int32(RLIMIT_NOFILE.rawValue))),
      lockedMemory(limit(8), gpus: DeviceCount.gpus),
      hostName(), advertised(localAddress), port(29400), port(29500),
    ]
  }

  /// Loads libtorch as a worker does; the launcher itself does not need it.
  private static func libtorch(
    _ environment: [String: String], _ launcherFolder: String?
  ) -> Finding {
    var folders = environment["LIBTORCH"].map { ["\($0)/lib"] } ?? []
    var folder = launcherFolder ?? ""
    while let slash = folder.lastIndex(of: "/") {  // a checkout has .deps above its build folder
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
      "cannot load libtorch: \(reason)",
      "run Scripts/setup, or set LIBTORCH to the folder that contains lib/; only programs that "
        + "train need it")
  }

  /// The `-L` folders of a pkg-config file.
  static func linkFolders(_ text: String) -> [String] {
    text.split(whereSeparator: \.isWhitespace).filter { $0.hasPrefix("-L") }
      .map { $0.dropFirst(2).filter { $0 != "\"" } }
  }

  private static func gpus(_ environment: [String: String]) -> Finding {
    let inventory = GPUInventory.scan()
    let visible = inventory.visible(environment: environment).count
    let present = inventory.identifiers.count
    let limits = inventory.limits(environment: environment).map { ", \($0)" }.joined()
    let found =
      (visible == present ? "\(present) GPUs" : "\(visible) of \(present) GPUs")
      + "\(limits), \(DeviceCount.processors) processors"
    guard visible > 0, inventory.vendor == .nvidia, dlopen("libcuda.so.1", RTLD_LAZY) == nil else {
      return .ok(found)
    }
    return .problem(
      "\(found), but libcuda.so.1 cannot be loaded",
      "install the NVIDIA driver; in a container, give it access to the GPUs (--gpus all)")
  }

  package static func sharedMemory(atPath path: String) -> Finding {
    var info = statvfs()
    guard statvfs(path, &info) == 0 else {
      return .problem(
        "\(path) does not exist",
        "mount a tmpfs there: NCCL and PyTorch workers share memory through it")
    }
    let free = UInt64(info.f_bavail) * UInt64(info.f_frsize)
    let found = "\(path): \(free >> 20) MiB free"
    guard free < 1 << 30 else { return .ok(found) }
    return .warning(
      found, "in a container, increase it (--shm-size 2g, or an emptyDir with medium Memory)")
  }

  package static func openFiles(_ limit: UInt64?) -> Finding {
    guard let limit else { return .ok("open files: no limit") }
    let found = "open files: at most \(limit)"
    return limit >= 4096 ? .ok(found) : .warning(found, "raise the limit: ulimit -n 65536")
  }

  package static func lockedMemory(_ limit: UInt64?, gpus: Int) -> Finding {
    guard let limit else { return .ok("locked memory: no limit") }
    let found = "locked memory: at most \(limit >> 10) KiB"
    guard gpus > 0, limit < 1 << 30 else { return .ok(found) }
    return .warning(found, "raise the limit for NCCL over InfiniBand: ulimit -l unlimited")
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

  /// Evaluates the addresses of the host name, which /etc/hosts often maps to a loopback address.
  static func resolved(_ name: String, _ result: Result<[String], ResolverFailure>) -> Finding {
    let remedy =
      "add this machine's address and name to /etc/hosts, or set GLOO_SOCKET_IFNAME; PyTorch "
      + "workers may need the name, lockstep does not"
    switch result {
    case .failure(let failure):
      return .warning("the host name \(name) cannot be resolved: \(failure.reason)", remedy)
    case .success(let addresses):
      let found = "the host name \(name) resolves to \(addresses.joined(separator: ", "))"
      let isLoopback = addresses.allSatisfy(HostAddress.isLoopback)
      return isLoopback
        ? .warning(found + ", which other machines cannot reach", remedy) : .ok(found)
    }
  }

  private static func advertised(_ given: String?) -> Finding {
    let own = Set(HostAddress.interfaces.keys)
    let usable = own.filter { !HostAddress.isLoopback($0) && !$0.hasPrefix("fe80") }.sorted()
    return advertised(given, own: own, usable: usable)
  }

  package static func advertised(_ given: String?, own: Set<String>, usable: [String]) -> Finding {
    let choices = usable.isEmpty ? "none found" : usable.joined(separator: ", ")
    if let given {
      if HostAddress.isLoopback(given) || given == "localhost" {
        return .problem(
          "other machines cannot reach the loopback address \(given)",
          "use another address of this machine (\(choices))")
      }
      if given.contains(where: \.isLetter) && !given.contains(":") || own.contains(given) {
        return .ok("this node advertises the address \(given)")
      }
      return .warning(
        "the address \(given) does not belong to this machine",
        "use another address (\(choices)), unless the machine is behind address translation (NAT)")
    }
    guard let first = usable.first else {
      return .warning(
        "this machine has only loopback addresses",
        "connect it to a network to run multi-node jobs")
    }
    guard usable.count > 1 else { return .ok("this node advertises the address \(first)") }
    return .ok("this node advertises one of \(choices), depending on the endpoint")
  }

  private static func port(_ port: Int) -> Finding {
    do {
      try TCPStoreServer.start(port: port).close()
      return .ok("port \(port) is free")
    } catch {
      return .warning(
        "the default rendezvous port \(port) cannot be used: \(error.message)",
        "use another port in --rdzv-endpoint (default: 29400 for c10d, 29500 for static)")
    }
  }

  /// A soft resource limit of this process; `nil` if it is unlimited.
  ///
  /// `RLIMIT_MEMLOCK`, which is 8 on Linux, is a macro that Swift does not import.
  private static func limit(_ resource: Int32) -> UInt64? {
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0, limit.rlim_cur != rlim_t.max else { return nil }
    return UInt64(limit.rlim_cur)
  }
}
