# Times R survey on one file: Rscript estimation.R file.csv answers.csv. Prints seconds of reading and of estimating.
suppressMessages(library(survey))
arguments <- commandArgs(trailingOnly = TRUE)
kinds <- c(county = "integer", class = "integer", stratum = "integer", enterprise = "integer",
           enterprises = "numeric", weight = "numeric", passed = "numeric")

before <- proc.time()
started <- before[["elapsed"]]
batches <- if (requireNamespace("data.table", quietly = TRUE)) {
  as.data.frame(data.table::fread(arguments[1], colClasses = kinds, showProgress = FALSE))
} else {
  read.csv(arguments[1], colClasses = kinds, nrows = as.integer(arguments[3]), comment.char = "")
}
was_read <- proc.time()[["elapsed"]]
design <- svydesign(id = ~enterprise, strata = ~stratum, weights = ~weight, fpc = ~enterprises, data = batches)
designed <- proc.time()[["elapsed"]]
rates <- svyby(~passed, ~county + class, design, svymean)
limits <- confint(rates, df = degf(design))
after <- proc.time()
finished <- after[["elapsed"]]

answers <- data.frame(county = rates$county, class = rates$class, estimate = coef(rates), std_error = SE(rates),
                      lower = limits[, 1], upper = limits[, 2])
write.csv(format(answers, digits = 15), arguments[2], row.names = FALSE, quote = FALSE)
cat(sprintf('{"reading": %.4f, "estimating": %.4f, "design": %.4f, "cpu": %.4f}\n', was_read - started,
            finished - was_read, designed - was_read, sum((after - before)[c("user.self", "sys.self")])))
