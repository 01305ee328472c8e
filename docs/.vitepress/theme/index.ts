/**
 * VitePress's own theme in the reader's own fonts, with the colors of style.css.
 * @module
 */
import theme from "vitepress/theme-without-fonts";
import "./style.css";

export default theme;
