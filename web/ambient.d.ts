/** Where the scanner's wasm lies, seen from the page (web/build/scanner-wasm.ts). */
declare const SCANNER_WASM: string;
