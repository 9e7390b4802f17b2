import Collectives
import DataParallel
import Torch
import TorchCollectives

manualSeed(1)
let x = Tensor(randomNormal: [2048, 20])
let y = x.matmul(Tensor(randomNormal: [20, 1]))
let group = try GlooProcessGroup(store: HashStore(), rank: 0, worldSize: 1)
let model = try DistributedDataParallel(Linear(20, 1), group: group)
let optimizer = SGD(model.module.parameters, learningRate: 0.1)
for step in 0..<100 {
  let loss = meanSquaredError(try model(x), y)
  if step % 33 == 0 { print("step \(step)  loss \(loss.item)") }
  optimizer.zeroGrad()
  try loss.backward()
  optimizer.step()
}
