// The fault tests in short: a few kills of ClickHouse and one of Parallax at each seam. `npm run test:faults` does all of it.
process.env.PARALLAX_FAULT_DOCUMENTS ??= "4000";
process.env.PARALLAX_FAULT_KILLS ??= "2";
await import("../faults/kills.test.ts");
