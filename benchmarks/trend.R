# Times R on one file of monthly series: Rscript trend.R file.csv answers.csv origins steps. Fits, backtests, forecasts.
suppressMessages(library(forecast))
arguments <- commandArgs(trailingOnly = TRUE)
origins <- as.integer(strsplit(arguments[3], ",")[[1]])
steps <- as.integer(arguments[4])
all <- read.csv(arguments[1])
columns <- setdiff(names(all), c("series", "month", "passed", "n"))

ahead <- function(known, future) {
  logit <- ts(log((known$passed + 0.5) / (known$n - known$passed + 0.5)), frequency = 12)
  smoothed <- forecast(ets(logit, model = "ANA"), h = steps, level = c(80, 95))
  airline <- forecast(Arima(logit, order = c(0, 1, 1), seasonal = c(0, 1, 1)), h = steps, level = c(80, 95))
  fit <- glm(cbind(passed, n - passed) ~ ., quasibinomial, data = known[, c("passed", "n", columns)])
  regression <- predict(fit, future[, columns, drop = FALSE], type = "response")
  last <- snaive(ts(known$passed / known$n, frequency = 12), h = steps, level = c(80, 95))
  list(ets = plogis(smoothed$mean), arima = plogis(airline$mean), glm = regression, last = last$mean)
}

before <- proc.time()
answers <- lapply(split(all, all$series), function(one) {
  past <- one[!is.na(one$passed), ]
  future <- one[is.na(one$passed), ]
  fit <- glm(cbind(passed, n - passed) ~ ., quasibinomial, data = past[, c("passed", "n", columns)])
  limits <- suppressMessages(confint(fit, "time"))
  errors <- sapply(origins, function(origin) {
    found <- ahead(past[seq_len(origin), ], one[origin + seq_len(steps), ])
    seen <- (one$passed / one$n)[origin + seq_len(steps)]
    sapply(found, function(values) mean(abs(values - seen), na.rm = TRUE))
  })
  found <- ahead(past, future)
  c(series = one$series[1], slope = coef(fit)[["time"]], low = limits[[1]], high = limits[[2]],
    rowMeans(errors), ahead = mean(found$ets))
})
after <- proc.time()
write.csv(format(as.data.frame(do.call(rbind, answers)), digits = 12), arguments[2], row.names = FALSE, quote = FALSE)
cat(sprintf('{"elapsed": %.4f, "cpu": %.4f}\n', after[["elapsed"]] - before[["elapsed"]],
            sum((after - before)[c("user.self", "sys.self")])))
