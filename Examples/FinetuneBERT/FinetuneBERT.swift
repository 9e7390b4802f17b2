import ArgumentParser
import Foundation
import Lockstep

/// Fine-tunes BERT for sentiment classification on as many ranks as the launcher starts.
///
/// Read the files in this order: `Job` (the steps of the job), `Reviews` (data), `TrainingRun` (the
/// `Trainer`), `Evaluation`, `Report` (output).
@main
struct FinetuneBERT: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "finetune-bert",
    abstract: "Fine-tune BERT for sentiment classification, on one or many ranks.",
    discussion: """
      Examples, after `make demo` has downloaded the model and the reviews:
        One process, all reviews (hours on two cores):
          finetune-bert --model .data/all-MiniLM-L6-v2 --data .data/imdb
        Two ranks on this machine, a sample of the reviews (minutes):
          lockstep run --nproc-per-node 2 finetune-bert --output sentiment \
            --model .data/all-MiniLM-L6-v2 --data .data/imdb --epochs 1 \
            --train-samples 2000 --eval-samples 1000 --max-length 128 \
            --learning-rate 1e-4
      Load the folder --output with Hugging Face's AutoTokenizer and
      AutoModelForSequenceClassification, or pass it to --model.
      """)

  @OptionGroup var options: Options

  func run() {
    withWorker(timeout: .seconds(options.timeout), device: options.device) { worker in
      try Job(options: options, worker: worker).run()
    }
  }
}
