/** Version of this package. A test compares it with package.json. */
export const VIEWER_VERSION = '0.1.0';
