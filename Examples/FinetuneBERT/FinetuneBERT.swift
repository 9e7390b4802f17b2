import ArgumentParser
import Foundation
import Lockstep

/// Fine-tunes BERT for sentiment classification on as many ranks as the launcher starts.
///
/// The program reads as the job does: `Options`, `Reviews` (data), `TrainingRun` (the `Trainer` and what it
/// is given), `Evaluation`, `Report` (what is printed and saved).
@main
struct FinetuneBERT: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "finetune-bert",
    abstract: "Fine-tune BERT to tell good reviews from bad ones, on one or many ranks.",
    discussion: """
      Examples, after `make demo` has fetched model and reviews:
        One process, the whole data set as published (hours on two cores):
          finetune-bert --model .data/all-MiniLM-L6-v2 --data .data/imdb
        Two ranks on this machine, a first try of some minutes:
          lockstep run --nproc-per-node 2 finetune-bert --output sentiment \
            --model .data/all-MiniLM-L6-v2 --data .data/imdb --epochs 1 \
            --train-samples 2000 --eval-samples 1000 --max-length 128 \
            --learning-rate 1e-4
      The folder given with --output is loaded by Hugging Face's AutoTokenizer
      and AutoModelForSequenceClassification, and by --model of this program.
      """)

  @OptionGroup var options: Options

  func run() {
    withWorker(timeout: .seconds(options.timeout), device: options.device) { worker in
      try Job(options: options, worker: worker).run()
    }
  }
}
