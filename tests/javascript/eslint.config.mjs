import js from "@eslint/js";

const globals = (/** @type {string[]} */ ...names) => Object.fromEntries(names.map((name) => [name, "readonly"]));

export default [
  {
    files: ["**/*.js", "**/*.mjs"],
    ...js.configs.recommended,
    languageOptions: {
      ecmaVersion: 2023,
      sourceType: "module",
      globals: globals(
        "document", "window", "Path2D", "navigator", "history", "HTMLElement", "ResizeObserver", "Blob", "URL", "Intl", "atob", "L", "leanQr",
        "setTimeout", "clearTimeout", "structuredClone", "Buffer", "performance", "console",
        "crypto", "btoa", "TextEncoder", "Response", "DecompressionStream",
      ),
    },
    rules: {
      ...js.configs.recommended.rules,
      "no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "eqeqeq": "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-implicit-globals": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-param-reassign": "off",
      "no-shadow": "error",
      "default-case-last": "error",
      "no-control-regex": "off",
      "max-lines": ["error", 400],
      "max-params": ["error", 7],
      "complexity": ["error", 16],
    },
  },
];
