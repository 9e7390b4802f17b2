import Elastic
import Testing

@Suite struct OOMKillsTests {
  @Test(arguments: [
    (
      "0::/user.slice/a:b\n",
      [
        "/sys/fs/cgroup/user.slice/a:b/memory.events", "/sys/fs/cgroup/memory.events",
        "/proc/vmstat",
      ]
    ),
    (
      "5:cpu,cpuacct:/x\n4:hugetlb,memory:/docker/1\n",
      [
        "/sys/fs/cgroup/memory/docker/1/memory.oom_control",
        "/sys/fs/cgroup/memory/memory.oom_control", "/proc/vmstat",
      ]
    ),
    (
      "0::/\n",
      ["/sys/fs/cgroup/memory.events", "/sys/fs/cgroup/memory.events", "/proc/vmstat"]
    ),
    ("", ["/proc/vmstat"]),
  ])
  func theMostSpecificControlGroupComesFirst(cgroups: String, files: [String]) {
    #expect(OOMKills.files(cgroups: cgroups) == files)
  }

  @Test func theKernelsCountIsParsed() {
    #expect(OOMKills.count(in: "low 0\noom 4\noom_kill 3\noom_group_kill 0\n") == 3)
    #expect(OOMKills.count(in: "oom_kill_disable 0\nunder_oom 0\noom_kill 12\n") == 12)
    #expect(OOMKills.count(in: "low 0\n") == nil)
  }

  @Test func onlyARisingCountExplainsAKill() {
    let earlier = OOMKills(file: "/f", count: 1)
    #expect(OOMKills(file: "/f", count: 1).message(since: earlier) == nil)
    #expect(OOMKills(file: "/g", count: 2).message(since: earlier) == nil)
    #expect(OOMKills(file: "/f", count: 2).message(since: nil) == nil)
    let message = OOMKills(file: "/f", count: 2).message(since: earlier)
    #expect(message?.contains("memory ran out (oom_kill in /f rose from 1 to 2)") == true)
  }
}
