// Ends the output of the suite with one plain line, `N passed, N failed`, whatever else was printed.
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const passed = tests.filter((test) => test.result().state === 'passed').length;
    const failed = tests.filter((test) => test.result().state === 'failed').length;
    const broken = modules.filter((module) => module.errors().length > 0).length + errors.length;
    // After the other reporters, which write their own summary in the same turn.
    process.on('exit', () => process.stdout.write(`${passed} passed, ${failed + broken} failed\n`));
  }
}
